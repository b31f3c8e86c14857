import type { DispatchedEvent } from './webhook-event.ts';

/**
 * What travels from ingest to the dispatchers: the events of one commit, with their leases. Many events share one
 * message, because a broker's cost is by the message.
 */
export function encodeDispatchMessage(events: DispatchedEvent[]): string {
  return JSON.stringify({ version: 1, events });
}

/**
 * Takes messages of the version before, too, whose events have no look-up path.
 * @throws SyntaxError or TypeError when it is not such a message
 */
export function decodeDispatchMessage(value: Buffer): DispatchedEvent[] {
  const message = JSON.parse(value.toString('utf8')) as { version?: unknown; events?: unknown } | null;
  if (message?.version !== 1 || !Array.isArray(message.events)) throw new TypeError('not a dispatch message');
  if (!message.events.every(isDispatchedEvent))
    throw new TypeError('not a dispatch message: a field is wrong');
  for (const event of message.events) event.lookupPath ??= null;
  return message.events;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);
const isTextOrMissing = (value: unknown): boolean => value === undefined || isTextOrNull(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Every field that a statement or a request is made of: one wrong value would fail those of a whole batch. */
const FIELDS: Partial<Record<keyof DispatchedEvent, (value: unknown) => boolean>> = {
  id: isCount,
  createdDate: isCount,
  lease: isCount,
  webhookId: isCount,
  contentType: (value) => value === null || isCount(value),
  attempts: isCount,
  uuid: isText,
  eventType: isText,
  objectId: isText,
  payload: isTextOrNull,
  lookupPath: isTextOrMissing,
  traceparent: isTextOrNull,
};
const CHECKS = Object.entries(FIELDS);

function isDispatchedEvent(value: unknown): value is DispatchedEvent {
  if (typeof value !== 'object' || value === null) return false;
  return CHECKS.every(([name, holds]) => holds((value as Record<string, unknown>)[name]));
}
