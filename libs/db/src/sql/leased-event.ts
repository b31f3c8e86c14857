import { formatInstant, type DispatchedEvent, type Instant } from '@oms-webhooks/domain';
import { instantArray, int8Array } from '../binary-array.ts';

/** Which row, and the lease under which it is held: what every guarded statement names. */
export type LeasedEvent = Pick<DispatchedEvent, 'id' | 'createdDate' | 'lease'>;

/** Rows are locked in this order by every statement over several, so that no two of them wait for each other. */
export const byId = (one: { id: number }, other: { id: number }): number => one.id - other.id;

/** The events that a guarded statement is about, of its parameters. */
export const HELD_EVENTS =
  'unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS held (id, created_date, lease)';

/**
 * The first five parameters of a guarded statement: the arrays of `HELD_EVENTS` and, for `isHeld`, when the oldest and the
 * youngest of them were created. At least one event.
 */
export function leasedEventParameters(
  events: readonly LeasedEvent[],
): [Buffer, Buffer, Buffer, oldest: string, youngest: string] {
  const created = events.map(({ createdDate }) => createdDate);
  return [
    int8Array(events.map(({ id }) => id)),
    instantArray(created),
    instantArray(events.map(({ lease }) => lease)),
    formatInstant(created.reduce((one, other) => Math.min(one, other))),
    formatInstant(created.reduce((one, other) => Math.max(one, other))),
  ];
}

const LARGEST_ID = '9223372036854775807';

/**
 * The condition that a row of `webhook_event e` is still held as said; `held` names unnested arrays (id, created_date,
 * lease). It is written for the planner, which knows nothing of arrays to come and little of new partitions:
 * - Not `=` for the lease: that lets it look the row up in the index of what is due, which seems empty to it after a VACUUM
 *   at a quiet moment, and then is walked from end to end for each event (50 events took 2.5 s).
 * - The range of ids, which every one is in, has it expect one row rather than ten. For ten it reads a whole partition that
 *   was empty when the plan was made, and keeps that plan until the table is analyzed (0.7 ms an event instead of 0.2).
 * - The range of dates leaves out the other partitions before anything of them is opened. As text, because the plan then does
 *   not depend on it: with dates known to the planner, one made for each batch seems cheaper than one for all, and making it
 *   takes ten times as long as recording an event.
 */
export const isHeld = (held: string): string =>
  `e.id = ${held}.id AND e.created_date = ${held}.created_date AND e.next_attempt_at IS NOT DISTINCT FROM ${held}.lease
   AND ${held}.id BETWEEN 1 AND ${LARGEST_ID} AND e.created_date BETWEEN $4::text::timestamptz AND $5::text::timestamptz`;

export interface ClaimedRow {
  id: number;
  created_date: Instant;
  uuid: string;
  webhook_id: number;
  event_type: string;
  content_type: number | null;
  object_id: string;
  payload: string | null;
  lookup_path: string | null;
  attempts: number;
  attempt_cause: DispatchedEvent['cause'];
  next_attempt_at: Instant;
  traceparent: string | null;
  ordered: boolean;
  attempt_limit: number | null;
}

/** The columns that make a DispatchedEvent, of a table aliased `e`. */
export const CLAIMED_COLUMNS = `e.id, e.created_date, e.uuid, e.webhook_id, e.event_type, e.content_type, e.object_id,
  e.payload, e.lookup_path, e.attempts, e.attempt_cause, e.next_attempt_at, e.traceparent, e.ordered, e.attempt_limit`;

export function toDispatchedEvent(row: ClaimedRow): DispatchedEvent {
  return {
    id: row.id,
    createdDate: row.created_date,
    uuid: row.uuid,
    webhookId: row.webhook_id,
    eventType: row.event_type,
    contentType: row.content_type,
    objectId: row.object_id,
    payload: row.payload,
    lookupPath: row.lookup_path,
    attempts: row.attempts,
    cause: row.attempt_cause,
    lease: row.next_attempt_at,
    traceparent: row.traceparent,
    ordered: row.ordered,
    ...(row.attempt_limit !== null && { attemptLimit: row.attempt_limit }),
  };
}
