import type { Pool } from 'pg';
import {
  failureText,
  recordedStatus,
  type DispatchedEvent,
  type NextStep,
  type Outcome,
} from '@oms-webhooks/domain';
import { booleanArray, byteaArray, instantArray, int4Array, textArray } from '../binary-array.ts';
import { byId, isHeld, leasedEventParameters } from './leased-event.ts';

/** What one attempt came to, and what follows. */
export interface AttemptRecord {
  event: DispatchedEvent;
  outcome: Outcome;
  next: NextStep;
  /** The attempt itself was kept by an earlier try of this record. */
  kept?: boolean;
}

/**
 * Attempt rows, event state and next attempt time in one statement, guarded by the lease: what no longer holds its
 * lease is kept as an attempt but changes no state. A resend that came meanwhile makes the event due again at once. Plan: primary key for the update, append for the attempts.
 */
const statement = `
  WITH attempt AS (
    SELECT * FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[], $6::text[], $7::timestamptz[], $8::int[],
                         $9::timestamptz[], $10::int[], $11::text[], $12::int[], $13::text[], $14::text[],
                         $15::text[], $16::bytea[], $17::text[], $18::int[], $19::boolean[])
      AS t (id, created_date, lease, state, next_attempt_at, number,
            requested_at, duration_ms, cause, status, error_kind, error,
            response_headers, response_content, last_error, webhook_id, kept)
  ), kept AS (
    INSERT INTO delivery_attempt (event_id, number, requested_at, duration_ms, cause, response_http_status,
                                  error_kind, error, response_headers, response_content, webhook_id)
    SELECT id, number, requested_at, duration_ms, cause, status,
           error_kind, error, response_headers::json, response_content, webhook_id
      FROM attempt WHERE NOT attempt.kept
  )
  UPDATE webhook_event e
     SET state = CASE WHEN e.resend_wanted THEN 'retrying' ELSE attempt.state END,
         next_attempt_at = CASE WHEN e.resend_wanted THEN now() ELSE attempt.next_attempt_at END,
         attempts = attempt.number,
         attempt_cause = CASE WHEN e.resend_wanted THEN 'resend' ELSE 'countdown' END,
         resend_wanted = false,
         in_flight = false,
         request_datetimes = attempt.requested_at || e.request_datetimes,
         response_http_status = attempt.status,
         response_content = attempt.response_content,
         last_error = attempt.last_error,
         modified_date = now()
    FROM attempt
   WHERE ${isHeld('attempt')}
  RETURNING e.id, e.attempt_cause = 'resend' AS resend`;

/** What became of an event whose lease still held: what was to follow, or a resend that was asked for meanwhile. */
export type Recorded = 'as said' | 'resend';

/** @returns by event id; events whose lease no longer held are missing */
export async function recordAttempts(pool: Pool, given: AttemptRecord[]): Promise<Map<number, Recorded>> {
  if (given.length === 0) return new Map();
  const records = [...given].sort((one, other) => byId(one.event, other.event));
  const { rows } = await pool.query<{ id: number; resend: boolean }>({
    name: 'record-attempts',
    text: statement,
    values: [
      ...leasedEventParameters(records.map(({ event }) => event)),
      textArray(records.map(({ next }) => next.state)),
      instantArray(records.map(({ next }) => (next.state === 'retrying' ? next.nextAttemptAt : null))),
      int4Array(records.map(({ event }) => event.attempts + 1)),
      instantArray(records.map(({ outcome }) => outcome.startedAt)),
      int4Array(records.map(({ outcome }) => Math.round(outcome.durationMs))),
      textArray(records.map(({ event }) => event.cause)),
      int4Array(records.map(({ outcome }) => recordedStatus(outcome))),
      textArray(records.map(({ outcome }) => (outcome.kind === 'failed' ? outcome.failure : null))),
      textArray(records.map(({ outcome }) => (outcome.kind === 'failed' ? storable(outcome.error) : null))),
      textArray(
        records.map(({ outcome }) => (outcome.kind === 'answered' ? JSON.stringify(outcome.headers) : null)),
      ),
      byteaArray(records.map(({ outcome }) => (outcome.kind === 'answered' ? outcome.content : null))),
      textArray(records.map(({ outcome }) => storable(failureText(outcome)))),
      int4Array(records.map(({ event }) => event.webhookId)),
      booleanArray(records.map(({ kept = false }) => kept)),
    ],
  });
  return new Map(rows.map(({ id, resend }) => [id, resend ? 'resend' : 'as said']));
}

/** A text column takes no NUL, and an error's text may quote what the target sent. */
function storable(text: string | null): string | null {
  return text?.replaceAll('\0', '\uFFFD') ?? null;
}
