import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

export interface NewWebhookEvent {
  uuid: string;
  webhookId: number;
  eventType: string;
  contentType: number;
  objectId: string;
  /** JSON source text; null when the dispatcher is to look the resource up. */
  payload: string | null;
  traceparent: string | null;
  /** Due at once whatever the lease: the order of an object's events is judged in PostgreSQL, by the due-scan. */
  ordered: boolean;
  idempotency: { accountId: number; key: string; requestHash: Buffer } | null;
}

export interface InsertedWebhookEvent {
  id: number;
  uuid: string;
  created_date: Instant;
  next_attempt_at: Instant;
}

/**
 * One round trip and one commit for a whole batch of publishers. An event whose idempotency key is taken is left out
 * (the caller tells a repetition from a conflict by reading the key); a key older than its window is taken over.
 * Keys are inserted in sorted order, so that two batches cannot deadlock on them.
 *
 * $8 is the lease in seconds: 0 makes the events due at once. Plan: function scan of the arrays, one insert each; no
 * look-up but the unique index of idempotency_key.
 */
const statement = `
  WITH input AS (
    SELECT * FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[],
                         $9::int[], $10::text[], $11::bytea[], $13::boolean[])
      AS t (uuid, webhook_id, event_type, content_type, object_id, payload, traceparent,
            account_id, idempotency_key, request_hash, ordered)
  ), keyed AS (
    INSERT INTO idempotency_key AS k (account_id, key, request_hash, event_uuid)
    SELECT account_id, idempotency_key, request_hash, uuid FROM input
     WHERE idempotency_key IS NOT NULL ORDER BY account_id, idempotency_key
    ON CONFLICT (account_id, key) DO UPDATE
      SET request_hash = excluded.request_hash, event_uuid = excluded.event_uuid, created_date = now()
      WHERE k.created_date < now() - make_interval(hours => $12::int)
    RETURNING event_uuid
  )
  INSERT INTO webhook_event
    (uuid, webhook_id, event_type, content_type, object_id, payload, traceparent, ordered, in_flight,
     next_attempt_at)
  SELECT uuid, webhook_id, event_type, content_type, object_id, payload, traceparent, ordered,
         NOT ordered AND $8::float8 > 0,
         now() + make_interval(secs => CASE WHEN ordered THEN 0 ELSE $8::float8 END)
    FROM input
   WHERE idempotency_key IS NULL OR uuid IN (SELECT event_uuid FROM keyed)
  RETURNING id, uuid, created_date, next_attempt_at`;

/** The same key and body within this window is one event. */
const IDEMPOTENCY_HOURS = 24;

/** @returns the rows that were inserted, in no particular order */
export async function insertWebhookEvents(
  pool: Pool,
  events: NewWebhookEvent[],
  leaseSeconds: number,
): Promise<InsertedWebhookEvent[]> {
  const { rows } = await pool.query<InsertedWebhookEvent>({
    name: 'insert-webhook-events',
    text: statement,
    values: [
      events.map((event) => event.uuid),
      events.map((event) => event.webhookId),
      events.map((event) => event.eventType),
      events.map((event) => event.contentType),
      events.map((event) => event.objectId),
      events.map((event) => event.payload),
      events.map((event) => event.traceparent),
      leaseSeconds,
      events.map((event) => event.idempotency?.accountId ?? null),
      events.map((event) => event.idempotency?.key ?? null),
      events.map((event) => event.idempotency?.requestHash ?? null),
      IDEMPOTENCY_HOURS,
      events.map((event) => event.ordered),
    ],
  });
  return rows;
}
