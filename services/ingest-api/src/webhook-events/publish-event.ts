import type { ContentTypes } from '@oms-webhooks/config';
import type { WebhookCache } from '@oms-webhooks/db';
import type { Webhook } from '@oms-webhooks/domain';
import {
  charField,
  choiceField,
  conflict,
  dictField,
  objectField,
  pkField,
  refuse,
  validate,
  validationFailed,
  type ApiRequest,
  type Caller,
  type View,
} from '@oms-webhooks/http';
import type Joi from 'joi';
import type { EventIntake } from './event-intake.ts';
import { IdempotencyConflict, requestHash, type Idempotency } from './publication.ts';

export interface PublishDeps {
  intake: EventIntake;
  webhooks: WebhookCache;
  contentTypes: ContentTypes;
}

interface PublishBody {
  hook: number;
  instance: { pk: string; model: string; data?: unknown };
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

/** `POST …/oms_hook_events/publish-event/`: 202 once the event is durable. */
export function publishEvent({ intake, webhooks, contentTypes }: PublishDeps): View {
  const schema = publishSchema(contentTypes);
  return async (request) => {
    const document = await request.body({ instance: { data: 'raw' } });
    const { hook, instance } = validate(schema, document.value);
    const payload = instance.data === undefined ? null : (document.raw(['instance', 'data']) ?? null);
    const webhook = publishableWebhook(await webhooks.get(hook), hook, request.account);
    const content = contentTypes[instance.model];
    if (!content)
      throw new Error(`no content type for the model ${instance.model}, which validation let through`);
    const idempotency = idempotencyOf(request, requestHash(hook, instance.pk, instance.model, payload));
    const event = {
      webhookId: webhook.id,
      eventType: webhook.eventType,
      contentType: content.id,
      objectId: instance.pk,
      payload,
      lookupPath: null,
      traceparent: traceparentOf(request),
      ordered: webhook.config.ordered === true,
    };
    try {
      const uuid = await intake.publish(event, idempotency);
      return { status: 202, headers: { 'X-Event-UUID': uuid } };
    } catch (error) {
      if (error instanceof IdempotencyConflict) {
        throw conflict('This Idempotency-Key was used for another request within the last 24 hours.');
      }
      throw error;
    }
  };
}

function publishSchema(contentTypes: ContentTypes): Joi.ObjectSchema<PublishBody> {
  return objectField({
    hook: pkField(),
    instance: objectField({
      pk: charField({ max: 255 }).custom(objectKey),
      model: choiceField(Object.keys(contentTypes)),
      data: dictField({ required: false }),
    }),
  }) as Joi.ObjectSchema<PublishBody>;
}

const objectKey: Joi.CustomValidator<string> = (text, check) => {
  if (typeof check.original === 'number' && !Number.isInteger(check.original))
    return refuse(check, 'A valid integer is required.');
  // In the path of the resource at the OMS they would be steps to another one, which no encoding prevents.
  return text === '.' || text === '..' ? refuse(check, `"${text}" is not a valid key.`) : text;
};

function publishableWebhook(webhook: Webhook | undefined, id: number, caller: Caller): Webhook {
  if (!webhook || (!caller.superuser && webhook.accountId !== caller.accountId)) {
    throw validationFailed({ hook: [`Invalid pk "${id}" - object does not exist.`] });
  }
  // Taking an event that will not be sent would be a promise broken.
  if (!webhook.isActive) throw validationFailed({ hook: ['Webhook is not active.'] });
  return webhook;
}

function idempotencyOf({ headers, account }: ApiRequest, hash: Buffer): Idempotency | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (typeof key !== 'string' || !IDEMPOTENCY_KEY.test(key)) {
    throw validationFailed({
      'Idempotency-Key': ['Must be 1 to 255 printable ASCII characters without spaces.'],
    });
  }
  return { accountId: account.accountId, key, requestHash: hash };
}

function traceparentOf({ headers: { traceparent } }: ApiRequest): string | null {
  return typeof traceparent === 'string' && TRACEPARENT.test(traceparent) ? traceparent : null;
}
