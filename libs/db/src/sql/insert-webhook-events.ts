import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';
import { booleanArray, byteaArray, int4Array, textArray, uuidArray } from '../binary-array.ts';
import { dueNotices } from './notify-due.ts';

export interface NewWebhookEvent {
  uuid: string;
  webhookId: number;
  eventType: string;
  contentType: number | null;
  objectId: string;
  /** JSON source text; null when the dispatcher is to look the resource up. */
  payload: string | null;
  /** Where at the OMS API, if not at the path of its content type. */
  lookupPath: string | null;
  traceparent: string | null;
  /** Due at once whatever the lease: the order of an object's events is judged in PostgreSQL, by the due-scan. */
  ordered: boolean;
  /** The events of one publication share one object. */
  idempotency: NewIdempotencyKey | null;
}

export interface NewIdempotencyKey {
  accountId: number;
  key: string;
  /** SHA-256 of what the key stands for. */
  requestHash: Buffer;
  /** JSON text of the answer; null: the uuid of the one event is all that there is to answer. */
  answer: string | null;
}

export interface InsertedWebhookEvent {
  id: number;
  uuid: string;
  created_date: Instant;
  next_attempt_at: Instant;
}

/**
 * One round trip and one commit for a whole batch of publishers. Events whose idempotency key is taken are left out
 * (the caller tells a repetition from a conflict by reading the key); a key older than its window is taken over.
 * Keys are inserted in sorted order, so that two batches cannot deadlock on them.
 * A payload that several events share ($6, and its place for each event in $7) travels once. It is not joined: rows are
 * inserted in the order given, so that the ids of an object's events rise as they were published.
 *
 * $10 is the lease in seconds: 0 makes the events due at once, and so are ordered ones: the dispatchers are told of them
 * ($20) by the commit itself. A notice of its own would be another commit, on the disk like any other.
 * Plan: function scan of the arrays, one insert each; no look-up but the unique index of idempotency_key.
 */
const statement = `
  WITH keyed AS (
    INSERT INTO idempotency_key AS k (account_id, key, request_hash, event_uuid, answer)
    SELECT * FROM unnest($14::int[], $15::text[], $16::bytea[], $17::uuid[], $18::text[])
        AS t (account_id, key, request_hash, event_uuid, answer)
     ORDER BY account_id, key
    ON CONFLICT (account_id, key) DO UPDATE
      SET request_hash = excluded.request_hash, event_uuid = excluded.event_uuid, answer = excluded.answer,
          created_date = now()
      WHERE k.created_date < now() - make_interval(hours => $19::int)
    RETURNING account_id, key
  )
  INSERT INTO webhook_event
    (uuid, webhook_id, event_type, content_type, object_id, payload, lookup_path, traceparent, ordered, in_flight,
     next_attempt_at)
  SELECT uuid, webhook_id, event_type, content_type, object_id, ($6::text[])[payload_place], lookup_path, traceparent, ordered,
         NOT ordered AND $10::float8 > 0,
         now() + make_interval(secs => CASE WHEN ordered THEN 0 ELSE $10::float8 END)
    FROM (SELECT count(pg_notify('oms_webhooks_due', notice)) FROM unnest($20::text[]) AS notice) AS told,
         unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $7::int[], $8::text[], $9::text[],
                $11::boolean[], $12::int[], $13::text[])
           AS t (uuid, webhook_id, event_type, content_type, object_id, payload_place, lookup_path, traceparent,
                 ordered, account_id, key)
   WHERE t.key IS NULL OR (t.account_id, t.key) IN (SELECT account_id, key FROM keyed)
  RETURNING id, uuid, created_date, next_attempt_at`;

/** The same key and body within this window is one publication. */
const IDEMPOTENCY_HOURS = 24;

/**
 * @param keysAlone of publications that no webhook hears
 * @returns the rows that were inserted, in no particular order
 */
export async function insertWebhookEvents(
  pool: Pool,
  events: NewWebhookEvent[],
  leaseSeconds: number,
  keysAlone: NewIdempotencyKey[] = [],
): Promise<InsertedWebhookEvent[]> {
  const payloads = payloadsOf(events);
  const keys = [...keysOf(events), ...keysAlone.map((key) => ({ ...key, eventUuid: null }))];
  const dueAtOnce = leaseSeconds > 0 ? events.filter(({ ordered }) => ordered) : events;
  const { rows } = await pool.query<InsertedWebhookEvent>({
    name: 'insert-webhook-events',
    text: statement,
    values: [
      uuidArray(events.map((event) => event.uuid)),
      int4Array(events.map((event) => event.webhookId)),
      textArray(events.map((event) => event.eventType)),
      int4Array(events.map((event) => event.contentType)),
      textArray(events.map((event) => event.objectId)),
      textArray(payloads.texts),
      int4Array(payloads.places),
      textArray(events.map((event) => event.lookupPath)),
      textArray(events.map((event) => event.traceparent)),
      leaseSeconds,
      booleanArray(events.map((event) => event.ordered)),
      int4Array(events.map((event) => event.idempotency?.accountId ?? null)),
      textArray(events.map((event) => event.idempotency?.key ?? null)),
      int4Array(keys.map(({ accountId }) => accountId)),
      textArray(keys.map(({ key }) => key)),
      byteaArray(keys.map(({ requestHash }) => requestHash)),
      uuidArray(keys.map(({ eventUuid }) => eventUuid)),
      textArray(keys.map(({ answer }) => answer)),
      IDEMPOTENCY_HOURS,
      textArray(dueNotices(dueAtOnce.map(({ webhookId }) => webhookId))),
    ],
  });
  return rows;
}

/** The events of a publication follow each other: to look at the one before finds what they share. */
function payloadsOf(events: NewWebhookEvent[]): { texts: string[]; places: (number | null)[] } {
  const texts: string[] = [];
  const places = events.map(({ payload }) => {
    if (payload === null) return null;
    if (texts.at(-1) !== payload) texts.push(payload);
    return texts.length;
  });
  return { texts, places };
}

function keysOf(events: NewWebhookEvent[]): (NewIdempotencyKey & { eventUuid: string | null })[] {
  const keys = new Map<NewIdempotencyKey, string>();
  for (const { uuid, idempotency } of events) if (idempotency) keys.set(idempotency, uuid);
  return [...keys].map(([key, uuid]) => ({ ...key, eventUuid: key.answer === null ? uuid : null }));
}
