import { createHash } from 'node:crypto';
import type { NewIdempotencyKey, NewWebhookEvent } from '@oms-webhooks/db';

const BATCH_EVENTS = 2000;
const BATCH_CHARACTERS = 4 * 1024 * 1024;

/** An event to be published to one webhook. */
export type EventToPublish = Omit<NewWebhookEvent, 'uuid' | 'idempotency'>;

/**
 * Field by field: an object that is spread and added to is slow to make (`docs/performance.md`), and this one is made for
 * each event.
 */
export const newWebhookEvent = (
  event: EventToPublish,
  uuid: string,
  idempotency: NewIdempotencyKey | null,
): NewWebhookEvent => ({
  uuid,
  webhookId: event.webhookId,
  eventType: event.eventType,
  contentType: event.contentType,
  objectId: event.objectId,
  payload: event.payload,
  lookupPath: event.lookupPath,
  traceparent: event.traceparent,
  ordered: event.ordered,
  idempotency,
});

export type Idempotency = Omit<NewIdempotencyKey, 'answer'>;

/** What became of one thing that happened: an event for each webhook that hears it. */
export interface PublishedEvent {
  uuid: string;
  webhookId: number;
}

/** An idempotency key was used before for another request. */
export class IdempotencyConflict extends Error {
  override name = 'IdempotencyConflict';
}

/** Events that are inserted all or none. */
export interface Publication {
  events: NewWebhookEvent[];
  idempotency: NewIdempotencyKey | null;
}

/** The hash under which a request is remembered: the same key with other content is a conflict. */
export function requestHash(...parts: (string | number | null)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** Of a batch whose weight may be 1. A payload that the events share counts once, as it travels once. */
export function weightOfPublication({ events }: Publication): number {
  let characters = 0;
  let shared: string | null = null;
  for (const { payload } of events) {
    if (payload !== null && payload !== shared) characters += payload.length;
    shared = payload;
  }
  return events.length / BATCH_EVENTS + characters / BATCH_CHARACTERS;
}

/** Publications with the one before them that has the same idempotency key, where there is one. */
export function withFirstOfKey(publications: Publication[]): [Publication, first: Publication | undefined][] {
  const firsts = new Map<string, Publication>();
  return publications.map((publication) => {
    const { idempotency } = publication;
    if (!idempotency) return [publication, undefined];
    const key = `${idempotency.accountId} ${idempotency.key}`;
    const first = firsts.get(key);
    if (!first) firsts.set(key, publication);
    return [publication, first];
  });
}
