import type { Pool } from 'pg';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import type { LaneRoom } from './claim-due-events.ts';
import { CLAIMED_COLUMNS, toDispatchedEvent, type ClaimedRow } from './leased-event.ts';

export interface OrderedLane extends LaneRoom {
  /** Whether an exhausted event holds back the later ones of its object (`config.on_exhausted: "block"`). */
  blocks: boolean;
}

/** Due events judged in one scan of a lane: more than it has room for, since most may wait behind others. */
const WINDOW = 500;
/** An event whose predecessor is due itself, and not yet claimed, is looked at again after this. */
const BEHIND_DUE_SECONDS = 2;
/**
 * Behind one in flight: this, times the place among those that wait. A release that crosses this statement is lost,
 * and then the next in line is late by this much; the others would only be moved again and again.
 */
const BEHIND_IN_FLIGHT_SECONDS = 1;
/** The same behind an exhausted event that blocks: a resend or cancellation of that releases it at once. */
const BEHIND_EXHAUSTED_SECONDS = 600;

/**
 * The due-scan of ordered webhooks. A due event is claimed when nothing of its object stands before it; one that has to
 * wait is moved behind what it waits for, so that the next scan does not meet it again and other objects are found;
 * release-followers.ts brings it forward in time.
 * Before an event stands an earlier unfinished one of the same webhook and object, or (for a resend of something old)
 * any that is in flight.
 *
 * Plan: per lane an ordered scan of webhook_event_due, per candidate one probe of webhook_event_order, then the primary
 * key for the update, in the partitions between the oldest and the youngest candidate only. The range of rooms and the
 * week to come are for the planner, as in claim-due-events.ts.
 */
const statement = `
  WITH candidate AS MATERIALIZED (
    SELECT found.*, lane.room, lane.blocks
      FROM unnest($1::int[], $2::int[], $4::boolean[]) AS lane (webhook_id, room, blocks)
     CROSS JOIN LATERAL (
       SELECT id, created_date, webhook_id, content_type, object_id, next_attempt_at, attempt_cause, ordered
         FROM webhook_event
        WHERE webhook_id = lane.webhook_id AND next_attempt_at <= now()
          AND created_date <= now() + interval '1 week'
        ORDER BY next_attempt_at
        LIMIT ${WINDOW}
          FOR UPDATE SKIP LOCKED
     ) AS found
     WHERE lane.room BETWEEN 1 AND 1000000
  ), placed AS MATERIALIZED (
    SELECT *, row_number() OVER (PARTITION BY webhook_id, object_id, content_type ORDER BY id) AS place
      FROM candidate
  ), judged AS MATERIALIZED (
    SELECT c.id, c.created_date,
           (SELECT CASE WHEN p.next_attempt_at IS NULL THEN now() + interval '${BEHIND_EXHAUSTED_SECONDS} seconds'
                        WHEN p.next_attempt_at <= now() THEN now() + interval '${BEHIND_DUE_SECONDS} seconds'
                        WHEN p.in_flight
                        THEN LEAST(p.next_attempt_at, now() + c.place * interval '${BEHIND_IN_FLIGHT_SECONDS} seconds')
                        ELSE p.next_attempt_at END
              FROM webhook_event p
             WHERE c.ordered AND p.ordered AND p.state NOT IN ('delivered', 'cancelled')
               AND p.webhook_id = c.webhook_id AND p.object_id = c.object_id
               AND COALESCE(p.content_type, -1) = COALESCE(c.content_type, -1)
               AND ((p.id < c.id AND (p.next_attempt_at IS NOT NULL OR c.blocks))
                 OR (c.attempt_cause <> 'countdown' AND p.id > c.id AND p.in_flight AND p.next_attempt_at > now()))
             ORDER BY p.id LIMIT 1) AS waits_until,
           c.webhook_id, c.next_attempt_at, c.room
      FROM placed c
  ), decided AS MATERIALIZED (
    SELECT id, created_date, waits_until,
           count(*) FILTER (WHERE waits_until IS NULL)
             OVER (PARTITION BY webhook_id ORDER BY next_attempt_at, id) AS taken, room
      FROM judged
  )
  UPDATE webhook_event e
     SET next_attempt_at = COALESCE(d.waits_until, now() + make_interval(secs => $3::float8)),
         in_flight = d.waits_until IS NULL
    FROM decided d
   WHERE e.id = ANY (ARRAY(SELECT id FROM decided))
     AND e.created_date BETWEEN (SELECT min(created_date) FROM decided) AND (SELECT max(created_date) FROM decided)
     AND e.created_date <= now() + interval '1 week'
     AND e.id = d.id
     AND (d.waits_until IS NOT NULL OR d.taken <= d.room)
  RETURNING ${CLAIMED_COLUMNS}, e.in_flight`;

/**
 * Claims due events of ordered webhooks, at most one an object. `full`: webhooks of which more is due than was judged.
 */
export async function claimOrderedEvents(
  pool: Pool,
  lanes: OrderedLane[],
  leaseSeconds: number,
): Promise<{ events: DispatchedEvent[]; full: number[] }> {
  if (lanes.length === 0) return { events: [], full: [] };
  const { rows } = await pool.query<ClaimedRow & { in_flight: boolean }>({
    name: 'claim-ordered-events',
    text: statement,
    values: [
      lanes.map(({ webhookId }) => webhookId),
      lanes.map(({ room }) => room),
      leaseSeconds,
      lanes.map(({ blocks }) => blocks),
    ],
  });
  const judged = new Map<number, number>();
  for (const { webhook_id } of rows) judged.set(webhook_id, (judged.get(webhook_id) ?? 0) + 1);
  return {
    events: rows.filter((row) => row.in_flight).map(toDispatchedEvent),
    full: [...judged].filter(([, count]) => count >= WINDOW).map(([webhookId]) => webhookId),
  };
}
