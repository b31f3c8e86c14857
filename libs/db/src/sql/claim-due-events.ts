import type { Pool } from 'pg';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import { CLAIMED_COLUMNS, toDispatchedEvent, type ClaimedRow } from './leased-event.ts';

/**
 * The due-scan: for each lane as many due events as it has room for, oldest due first, leased for $3 seconds. However
 * many events wait in one lane, others are found at once, because each lane reads its own stretch of the index.
 * Ordered events are left to claim-ordered-events.ts.
 * SKIP LOCKED: dispatchers that scan at the same moment share the events instead of waiting for each other.
 *
 * Plan: nested loop over the lanes, per lane an ordered scan of webhook_event_due in every partition (those without
 * unfinished events answer from an empty index), then the primary key for the update, in the partitions between the
 * oldest and the youngest event only. The update names its rows by an array and not by a join, because the planner
 * takes a tenth of each lane's backlog for what will be claimed, and would read whole partitions for a hash join. The
 * partitions of coming weeks are left out before they are opened, all but the next one: the clock may have been ahead.
 * By the range of rooms, which each is in, it expects one lane; otherwise a plan for the lanes at hand seems cheaper each
 * time than one for any, and making it takes longer than claiming.
 */
const statement = `
  WITH due AS MATERIALIZED (
    SELECT found.id, found.created_date
      FROM unnest($1::int[], $2::int[]) AS lane (webhook_id, room)
     CROSS JOIN LATERAL (
       SELECT id, created_date FROM webhook_event
        WHERE webhook_id = lane.webhook_id AND next_attempt_at <= now() AND NOT ordered
          AND created_date <= now() + interval '1 week'
        ORDER BY next_attempt_at
        LIMIT lane.room
          FOR UPDATE SKIP LOCKED
     ) AS found
     WHERE lane.room BETWEEN 1 AND 1000000
  )
  UPDATE webhook_event e
     SET next_attempt_at = now() + make_interval(secs => $3::float8), in_flight = true
   WHERE e.id = ANY (ARRAY(SELECT id FROM due))
     AND e.created_date BETWEEN (SELECT min(created_date) FROM due) AND (SELECT max(created_date) FROM due)
     AND e.created_date <= now() + interval '1 week'
  RETURNING ${CLAIMED_COLUMNS}`;

/** How many due events of one webhook a scan may take. */
export interface LaneRoom {
  webhookId: number;
  room: number;
}

/** Claims due events, oldest first within a webhook. */
export async function claimDueEvents(
  pool: Pool,
  lanes: LaneRoom[],
  leaseSeconds: number,
): Promise<DispatchedEvent[]> {
  if (lanes.length === 0) return [];
  const { rows } = await pool.query<ClaimedRow>({
    name: 'claim-due-events',
    text: statement,
    values: [lanes.map(({ webhookId }) => webhookId), lanes.map(({ room }) => room), leaseSeconds],
  });
  return rows.map(toDispatchedEvent).sort((one, other) => one.id - other.id);
}
