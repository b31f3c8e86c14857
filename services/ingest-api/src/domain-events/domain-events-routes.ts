import { unsupportedMediaType, type ApiRequest, type Reply, type Route } from '@oms-webhooks/http';
import { traceparentIn } from '@oms-webhooks/telemetry';
import { answerConflict, idempotencyKeyOf } from '../webhook-events/request-identity.ts';
import {
  attributesOf,
  CLOUD_EVENT,
  CLOUD_EVENTS_BATCH,
  mediaTypeOf,
  structuredAttributes,
} from './cloud-event-of-request.ts';
import type { DomainEvent, DomainEventReader } from './domain-event.ts';
import { publisherOf, shownEvents, type FanOut } from './fan-out.ts';
import { publishBatch } from './publish-batch.ts';

export interface DomainEventsDeps {
  domainEvents: DomainEventReader;
  fanOut: FanOut;
}

/** What a domain service calls: something happened, whoever hears it. */
export function domainEventsRoutes({ domainEvents, fanOut }: DomainEventsDeps): Route[] {
  async function publish(request: ApiRequest): Promise<Reply> {
    const read = await readOne(request, domainEvents);
    const event = {
      ...read,
      idempotencyKey: idempotencyKeyOf(request) ?? read.idempotencyKey,
      traceparent: read.traceparent ?? traceparentIn(request.headers.traceparent),
    };
    const publisher = publisherOf(request.account);
    const audience = await fanOut.audience(event, publisher);
    const published = await fanOut.publish(event, audience, publisher).catch(answerConflict);
    return { status: 202, json: { events: shownEvents(published) } };
  }

  return [
    { path: '/api/v1/oms/events/', POST: publish },
    { path: '/api/v1/oms/events/batch/', POST: publishBatch({ domainEvents, fanOut }) },
  ];
}

/** Natively, or as a CloudEvent: structured by its media type, binary by its headers. */
async function readOne(request: ApiRequest, reader: DomainEventReader): Promise<DomainEvent> {
  const mediaType = mediaTypeOf(request);
  if (mediaType === CLOUD_EVENTS_BATCH) throw unsupportedMediaType(request.headers['content-type'] ?? '');
  if (mediaType === CLOUD_EVENT) {
    const document = await request.body({ data: 'raw' });
    const attributes = structuredAttributes(document.value);
    return reader.readCloudEvent(attributes, attributes.data, document.raw(['data']));
  }
  if (request.headers['ce-specversion'] !== undefined) {
    const document = await request.body('raw');
    const payload = document.raw([]);
    const data = payload === undefined ? undefined : document.value;
    return reader.readCloudEvent(attributesOf(request), data, payload);
  }
  const document = await request.body({ instance: { data: 'raw' } });
  return reader.read(document.value, document.raw(['instance', 'data']));
}
