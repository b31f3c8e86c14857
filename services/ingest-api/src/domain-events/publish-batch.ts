import type { Subscriber } from '@oms-webhooks/db';
import {
  ApiError,
  listField,
  objectField,
  unavailable,
  unsupportedMediaType,
  validate,
  type ApiRequest,
  type View,
} from '@oms-webhooks/http';
import { traceparentIn } from '@oms-webhooks/telemetry';
import Joi from 'joi';
import { IdempotencyConflict, type PublishedEvent } from '../webhook-events/publication.ts';
import {
  CLOUD_EVENT,
  CLOUD_EVENTS_BATCH,
  mediaTypeOf,
  structuredAttributes,
} from './cloud-event-of-request.ts';
import type { DomainEvent, DomainEventReader } from './domain-event.ts';
import { publisherOf, shownEvents, type FanOut, type Publisher } from './fan-out.ts';

export const MOST_EVENTS = 1000;
/** 1,000 events of 1 KiB and their envelopes, with room. */
const BODY_LIMIT = 8 * 1024 * 1024;
/** What every call may send. */
const SMALL_BODY = 1024 * 1024;
/** Larger bodies that may be in memory at once; beyond them clients are asked to come again. */
const LARGE_BODIES = 12;
const RETRY_AFTER_SECONDS = 1;

type Result = { events: { uuid: string; webhook: number }[] } | { errors: object };

/** `POST …/events/batch/`: many events in one request, each of which is taken or refused for itself. */
export function publishBatch({
  domainEvents,
  fanOut,
}: {
  domainEvents: DomainEventReader;
  fanOut: FanOut;
}): View {
  let largeBodies = 0;

  async function publish(request: ApiRequest) {
    const items = await readItems(request, domainEvents);
    const publisher = publisherOf(request.account);
    const trace = traceparentIn(request.headers.traceparent);
    // Everything is read before anything is published, so that the order of the items is that of their events.
    const ready = await Promise.all(items.map((read) => prepared(read, trace, publisher, fanOut)));
    const outcomes = await Promise.allSettled(
      ready.map((one) =>
        one instanceof ApiError ? Promise.reject(one) : fanOut.publish(one.event, one.audience, publisher),
      ),
    );
    return { status: 202, json: { results: resultsOf(outcomes) } };
  }

  return async (request) => {
    const length = Number(request.headers['content-length'] ?? Infinity);
    if (length <= SMALL_BODY && request.headers['content-encoding'] === undefined) return publish(request);
    if (largeBodies >= LARGE_BODIES) throw unavailable(RETRY_AFTER_SECONDS);
    largeBodies += 1;
    try {
      return await publish(request);
    } finally {
      largeBodies -= 1;
    }
  };
}

/** How to read each item of the body: natively, or as CloudEvents by the media type. */
async function readItems(
  request: ApiRequest,
  reader: DomainEventReader,
): Promise<(() => Promise<DomainEvent>)[]> {
  const mediaType = mediaTypeOf(request);
  if (mediaType === CLOUD_EVENT) throw unsupportedMediaType(request.headers['content-type'] ?? '');
  if (mediaType === CLOUD_EVENTS_BATCH) {
    const document = await request.body([{ data: 'raw' }], BODY_LIMIT);
    const { events } = validate(batchSchema, { events: document.value });
    return events.map((item, n) => () => {
      const attributes = structuredAttributes(item);
      return reader.readCloudEvent(attributes, attributes.data, document.raw([n, 'data']));
    });
  }
  const document = await request.body({ events: [{ instance: { data: 'raw' } }] }, BODY_LIMIT);
  const { events } = validate(batchSchema, document.value);
  return events.map((item, n) => () => reader.read(item, document.raw(['events', n, 'instance', 'data'])));
}

const batchSchema = objectField({
  events: listField(Joi.any(), { max: MOST_EVENTS }),
}) as Joi.ObjectSchema<{ events: unknown[] }>;

/** An item with those who hear it, or why it is refused. */
async function prepared(
  read: () => Promise<DomainEvent>,
  trace: string | null,
  publisher: Publisher,
  fanOut: FanOut,
): Promise<{ event: DomainEvent; audience: readonly Subscriber[] } | ApiError> {
  try {
    const event = await read();
    const audience = await fanOut.audience(event, publisher);
    return { event: { ...event, traceparent: event.traceparent ?? trace }, audience };
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
}

/** Item by item. Throws what is nobody's fault, unless something was published: that must be told. */
function resultsOf(outcomes: PromiseSettledResult<PublishedEvent[]>[]): Result[] {
  const taken = outcomes.some(({ status }) => status === 'fulfilled');
  return outcomes.map((outcome) => {
    if (outcome.status === 'fulfilled') return { events: shownEvents(outcome.value) };
    const error: unknown = outcome.reason;
    if (error instanceof ApiError) return { errors: error.body };
    if (error instanceof IdempotencyConflict)
      return { errors: { idempotency_key: ['Was used for another event within the last 24 hours.'] } };
    if (!taken) throw error;
    return { errors: unavailable(RETRY_AFTER_SECONDS).body };
  });
}
