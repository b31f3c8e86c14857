import type { ContentTypes } from '@oms-webhooks/config';
import type { WebhookCache } from '@oms-webhooks/db';
import type { Webhook } from '@oms-webhooks/domain';
import { objectField, pkField, validate, validationFailed, type Caller, type View } from '@oms-webhooks/http';
import { traceparentIn } from '@oms-webhooks/telemetry';
import type Joi from 'joi';
import type { EventTypes } from '../event-types/event-types.ts';
import type { EventIntake } from './event-intake.ts';
import { contentTypeOf, instanceField, type Instance } from './instance-field.ts';
import { requestHash } from './publication.ts';
import { answerConflict, idempotencyKeyOf } from './request-identity.ts';

export interface PublishDeps {
  intake: EventIntake;
  webhooks: WebhookCache;
  eventTypes: EventTypes;
  contentTypes: ContentTypes;
}

interface PublishBody {
  hook: number;
  instance: Instance;
}

export const publishBody = (contentTypes: ContentTypes) =>
  objectField({
    hook: pkField(),
    instance: instanceField(contentTypes),
  }) as Joi.ObjectSchema<PublishBody>;

/** `POST …/oms_hook_events/publish-event/`: 202 once the event is durable. */
export function publishEvent({ intake, webhooks, eventTypes, contentTypes }: PublishDeps): View {
  const schema = publishBody(contentTypes);
  return async (request) => {
    const document = await request.body({ instance: { data: 'raw' } });
    const { hook, instance } = validate(schema, document.value);
    const { pk, model, data } = instance;
    const payload = data === undefined ? null : (document.raw(['instance', 'data']) ?? null);
    const webhook = publishableWebhook(await webhooks.get(hook), hook, request.account);
    const { eventType } = webhook;
    const fault = data === undefined ? undefined : (await eventTypes.known()).get(eventType)?.check(data);
    if (fault !== undefined) throw validationFailed({ instance: { data: [fault] } });
    const key = idempotencyKeyOf(request);
    const event = {
      webhookId: webhook.id,
      eventType,
      contentType: contentTypeOf(model, contentTypes),
      objectId: pk,
      payload,
      lookupPath: null,
      traceparent: traceparentIn(request.headers.traceparent),
      ordered: webhook.config.ordered === true,
    };
    const idempotency = key !== null && {
      accountId: request.account.accountId,
      key,
      requestHash: requestHash(hook, pk, model, payload),
    };
    const uuid = await intake.publish(event, idempotency || null).catch(answerConflict);
    return { status: 202, headers: { 'X-Event-UUID': uuid } };
  };
}

function publishableWebhook(webhook: Webhook | undefined, id: number, caller: Caller): Webhook {
  if (!webhook || (!caller.superuser && webhook.accountId !== caller.accountId)) {
    throw validationFailed({ hook: [`Invalid pk "${id}" - object does not exist.`] });
  }
  // Taking an event that will not be sent would be a promise broken.
  if (!webhook.isActive) throw validationFailed({ hook: ['Webhook is not active.'] });
  return webhook;
}
