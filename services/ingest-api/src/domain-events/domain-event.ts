import type { ContentTypes } from '@oms-webhooks/config';
import { readCloudEvent, type CloudEventAttributes } from '@oms-webhooks/domain';
import {
  ApiError,
  charField,
  documented,
  objectField,
  refuse,
  validate,
  validationFailed,
  type Messages,
} from '@oms-webhooks/http';
import { traceparentIn } from '@oms-webhooks/telemetry';
import { createHash } from 'node:crypto';
import type Joi from 'joi';
import { eventTypeField, type EventTypeNames } from '../event-types/event-type-field.ts';
import type { EventTypes, KnownEventTypes } from '../event-types/event-types.ts';
import { contentTypeOf, instanceField, type Instance } from '../webhook-events/instance-field.ts';
import { requestHash } from '../webhook-events/publication.ts';
import { IDEMPOTENCY_KEY, isIdempotencyKey, NOT_A_KEY } from '../webhook-events/request-identity.ts';

/** Something that happened in a domain, before it is known who hears it. */
export interface DomainEvent {
  eventType: string;
  contentType: number;
  objectId: string;
  /** JSON source text; null when the resource is to be looked up. */
  payload: string | null;
  traceparent: string | null;
  idempotencyKey: string | null;
  /** Of what makes it the same event. */
  requestHash: Buffer;
}

interface DomainEventBody {
  event_type: string;
  instance: Instance;
  idempotency_key?: string | null;
}

export const domainEventBody = (types: EventTypeNames, contentTypes: ContentTypes) =>
  objectField({
    event_type: eventTypeField(types),
    instance: instanceField(contentTypes),
    idempotency_key: documented(charField({ required: false, nullable: true, trim: false }), {
      pattern: IDEMPOTENCY_KEY.source,
    }).custom((key, check) => (isIdempotencyKey(key) ? key : refuse(check, NOT_A_KEY))),
  }) as Joi.ObjectSchema<DomainEventBody>;

/** Reads domain events as they come over REST and Kafka. */
export class DomainEventReader {
  readonly #eventTypes: EventTypes;
  readonly #contentTypes: ContentTypes;
  readonly #schemas = new WeakMap<KnownEventTypes, Joi.ObjectSchema<DomainEventBody>>();

  constructor({ eventTypes, contentTypes }: { eventTypes: EventTypes; contentTypes: ContentTypes }) {
    this.#eventTypes = eventTypes;
    this.#contentTypes = contentTypes;
  }

  /**
   * Reads `{event_type, instance: {pk, model, data?}, idempotency_key?}`.
   * @param payload the source text of `instance.data`
   * @throws ApiError 400; database errors
   */
  async read(value: unknown, payload: string | undefined): Promise<DomainEvent> {
    const types = await this.#eventTypes.knownWith((value as Partial<DomainEventBody> | null)?.event_type);
    const { event_type, instance, idempotency_key } = validate(this.#schemaOf(types), value);
    const { pk, model, data } = instance;
    const fault = data === undefined ? undefined : types.get(event_type)?.check(data);
    if (fault !== undefined) throw validationFailed({ instance: { data: [fault] } });
    const kept = data === undefined ? null : (payload ?? null);
    return {
      eventType: event_type,
      contentType: contentTypeOf(model, this.#contentTypes),
      objectId: pk,
      payload: kept,
      traceparent: null,
      idempotencyKey: idempotency_key ?? null,
      requestHash: requestHash('domain event', event_type, pk, model, kept),
    };
  }

  /**
   * Reads a CloudEvent: the same event as if it had been written natively, with `source` and `id` as its idempotency key.
   * @param payload the source text of `data`
   * @throws ApiError 400, by the CloudEvent's own attributes; database errors
   */
  async readCloudEvent(
    attributes: CloudEventAttributes,
    data: unknown,
    payload: string | undefined,
  ): Promise<DomainEvent> {
    const read = readCloudEvent(attributes);
    if ('faults' in read) throw validationFailed(read.faults);
    const { eventType, model, pk, identity, traceparent } = read;
    const instance = { model, pk, ...(data !== undefined && { data }) };
    const event = await this.read({ event_type: eventType, instance }, payload).catch((error: unknown) => {
      throw byAttribute(error);
    });
    return {
      ...event,
      traceparent: traceparentIn(traceparent),
      // A digest with a blank: of bounded length, and never the same as a key that somebody has chosen.
      idempotencyKey: `CloudEvent ${createHash('sha256').update(identity).digest('base64url')}`,
    };
  }

  #schemaOf(types: KnownEventTypes): Joi.ObjectSchema<DomainEventBody> {
    let schema = this.#schemas.get(types);
    if (!schema) {
      schema = domainEventBody(types, this.#contentTypes);
      this.#schemas.set(types, schema);
    }
    return schema;
  }
}

/** The faults of a native event under the names of the CloudEvent that it was. */
function byAttribute(error: unknown): unknown {
  if (!(error instanceof ApiError)) return error;
  const { event_type, instance } = error.body as {
    event_type?: Messages;
    instance?: { model?: string[]; pk?: string[]; data?: Messages };
  };
  const subject = [...(instance?.model ?? []), ...(instance?.pk ?? [])];
  return validationFailed({
    ...(event_type && { type: event_type }),
    ...(subject.length > 0 && { subject }),
    ...(instance?.data && { data: instance.data }),
  });
}
