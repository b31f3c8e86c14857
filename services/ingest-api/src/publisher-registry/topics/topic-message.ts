import type { IncomingRecord } from '@oms-webhooks/bus';
import type { RegistryTopic } from '@oms-webhooks/db';
import type { FilterData } from '@oms-webhooks/domain';
import { ApiError, parseJson } from '@oms-webhooks/http';
import { traceparentIn } from '@oms-webhooks/telemetry';
import { readTenant } from '../os1-headers.ts';

/** A message that nothing can be made of. */
export class UnreadableMessage extends Error {
  override name = 'UnreadableMessage';
}

type Fields = Record<string, unknown>;

/** What a message of a topic says. */
export interface TopicMessage {
  eventType: string;
  /** Of `X-COREOS-TID`; null: the message is for every tenant. */
  tenant: string | null;
  /** As it came: what is sent where nothing is looked up. */
  text: string;
  fields: Fields;
  /** `event`, or the `data` of a CloudEvent; without them the message itself. */
  body: Fields;
  /** What it is about: events of one object keep their order at webhooks that want that. */
  objectId: string;
  traceparent: string | null;
}

type Sent = Pick<IncomingRecord<RegistryTopic>, 'key' | 'value' | 'headers'>;

/** As large as the body of a published event. */
const LIMIT_BYTES = 1024 * 1024;
const OBJECT_ID_LIMIT = 255;

/**
 * Reads a message: JSON with its event type in `eventType`, in the header of that name, or in the `type` of a CloudEvent.
 * @throws UnreadableMessage
 */
export function readMessage({ key, value, headers }: Sent): TopicMessage {
  if (value.length > LIMIT_BYTES)
    throw new UnreadableMessage(`The message is larger than ${LIMIT_BYTES} bytes.`);
  const header = (name: string) =>
    Object.entries(headers).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];
  const json = readObject(value);
  // A binary CloudEvent has its attributes in headers: as if it had come in one piece.
  const fields = header('ce_specversion') === undefined ? json : { ...attributesIn(headers), data: json };
  const cloudEvent = fields.specversion !== undefined;
  const eventType = [json.eventType, header('eventType'), cloudEvent ? fields.type : undefined].find(isText);
  if (eventType === undefined) {
    throw new UnreadableMessage('The message has no event type: no eventType, and no type of a CloudEvent.');
  }
  const body = [fields.event, cloudEvent ? fields.data : undefined].find(isFields) ?? fields;
  return {
    eventType,
    tenant: readTenant(header('X-COREOS-TID') ?? '', (reason) => new UnreadableMessage(reason)) || null,
    text: value.toString('utf8'),
    fields,
    body,
    objectId: objectIdOf(fields, body, cloudEvent) ?? storableKey(key),
    traceparent: traceparentIn(header('traceparent')),
  };
}

/** What a filter logic sees: the fields of the message, `event` as its body, and `$eventType`. */
export function filterData({ fields, body, eventType }: TopicMessage): FilterData {
  return { ...fields, event: body, $eventType: eventType };
}

function readObject(value: Buffer): Fields {
  let json: unknown;
  try {
    json = parseJson(value, 'raw').value;
  } catch (error) {
    if (error instanceof ApiError)
      throw new UnreadableMessage(String((error.body as { detail?: unknown }).detail));
    throw error;
  }
  if (!isFields(json)) throw new UnreadableMessage('The message is JSON, but no object.');
  return json;
}

function attributesIn(headers: Record<string, string>): Fields {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      /^ce_/i.test(name) ? [[name.slice('ce_'.length).toLowerCase(), value]] : [],
    ),
  );
}

/** The `id` of a CloudEvent is that of the event, its `subject` the object. */
function objectIdOf(fields: Fields, body: Fields, cloudEvent: boolean): string | undefined {
  const candidates = [body.id, body.pk, ...(cloudEvent ? [fields.subject] : [fields.id, fields.pk])];
  return candidates.map((id) => (typeof id === 'number' ? String(id) : id)).find(isStorable);
}

const storableKey = (key: string | null) => (isStorable(key) ? key : '');

/** A text of PostgreSQL holds no NUL and no half of a character. */
function isStorable(id: unknown): id is string {
  return isText(id) && id.length <= OBJECT_ID_LIMIT && !/[\0\p{Surrogate}]/u.test(id);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
