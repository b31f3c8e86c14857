import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

/** What is due at one webhook. */
export interface DueFigures {
  webhookId: number;
  /** At most `MOST_OF_ONE`. */
  events: number;
  /** When the oldest of them became due. */
  since: Instant;
}

/** Beyond these nobody counts: a figure for a plot must not cost what a backlog of millions costs to read. */
const MOST_OF_ONE = 10_000;
const MOST_OF_ALL = 100_000;
const LIMIT_MS = 3_000;

/**
 * Plan: per webhook the first entry of webhook_event_due in every partition (exact, however large the backlog), and for
 * those that have one a scan of its stretch that ends at $1 entries, of all of them together at $2.
 */
const statement = `
  WITH oldest AS MATERIALIZED (
    SELECT w.id AS webhook_id, due.next_attempt_at
      FROM webhook w
     CROSS JOIN LATERAL (
       SELECT next_attempt_at FROM webhook_event
        WHERE webhook_id = w.id AND next_attempt_at <= now()
        ORDER BY next_attempt_at
        LIMIT 1
     ) AS due
  ), counted AS (
    SELECT webhook_id, count(*) AS events
      FROM (SELECT oldest.webhook_id
              FROM oldest
             CROSS JOIN LATERAL (
               SELECT FROM webhook_event
                WHERE webhook_id = oldest.webhook_id AND next_attempt_at <= now()
                LIMIT $1
             ) AS due
             LIMIT $2) AS due
     GROUP BY webhook_id
  )
  SELECT oldest.webhook_id, COALESCE(counted.events, 1)::int AS events, oldest.next_attempt_at AS since
    FROM oldest LEFT JOIN counted USING (webhook_id)`;

/** The webhooks that have due events. Rejects when that takes longer than three seconds. */
export async function dueFigures(pool: Pool): Promise<DueFigures[]> {
  const client = await pool.connect();
  let fault: Error | undefined;
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${LIMIT_MS}`);
    const { rows } = await client.query<{ webhook_id: number; events: number; since: Instant }>(statement, [
      MOST_OF_ONE,
      MOST_OF_ALL,
    ]);
    await client.query('COMMIT');
    return rows.map(({ webhook_id, events, since }) => ({ webhookId: webhook_id, events, since }));
  } catch (error) {
    fault = error as Error;
    throw error;
  } finally {
    // A connection whose transaction may still be open goes.
    client.release(fault);
  }
}
