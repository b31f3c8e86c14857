import type { IncomingRecord } from '@oms-webhooks/bus';
import type { CloudEventAttributes } from '@oms-webhooks/domain';
import { parseJson } from '@oms-webhooks/http';
import { traceparentIn } from '@oms-webhooks/telemetry';
import { CLOUD_EVENT, membersOf } from './cloud-event-of-request.ts';
import type { DomainEvent, DomainEventReader } from './domain-event.ts';

const CE = 'ce_';

/**
 * Reads a record of `oms.events`: natively, or as a CloudEvent by Kafka's binding, structured (its content type, or a
 * `specversion` in the body) or binary (headers `ce_…`). What has no key of its own is known by its place in Kafka.
 * @throws ApiError 400; database errors
 */
export async function readRecord(
  record: IncomingRecord<'oms.events'>,
  reader: DomainEventReader,
): Promise<DomainEvent> {
  const event = await read(record, reader);
  const { topic, partition, offset, timestamp, headers } = record;
  return {
    ...event,
    traceparent: event.traceparent ?? traceparentIn(headers.traceparent),
    // The timestamp belongs to the place: a topic that was deleted and made anew counts from 0 again. The blank keeps
    // it apart from keys that somebody has chosen.
    idempotencyKey: event.idempotencyKey ?? `at ${topic}/${partition}/${offset}/${timestamp}`,
  };
}

function read({ headers, value }: IncomingRecord, reader: DomainEventReader): Promise<DomainEvent> {
  if (headers[`${CE}specversion`] !== undefined) {
    const attributes = Object.entries(headers)
      .filter(([name]) => name.startsWith(CE))
      .map(([name, text]) => [name.slice(CE.length), text]);
    const document = value.length === 0 ? undefined : parseJson(value, 'raw');
    return reader.readCloudEvent(
      Object.fromEntries(attributes) as CloudEventAttributes,
      document?.value,
      document?.raw([]),
    );
  }
  const document = parseJson(value, { data: 'raw', instance: { data: 'raw' } });
  const members = membersOf(document.value);
  const structured = (headers['content-type'] ?? '').toLowerCase().startsWith(CLOUD_EVENT);
  return structured || members.specversion !== undefined
    ? reader.readCloudEvent(members, members.data, document.raw(['data']))
    : reader.read(document.value, document.raw(['instance', 'data']));
}
