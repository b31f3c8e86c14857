import type { Pool } from 'pg';

/** Events of one webhook that are queued again in one step; a step a second is its rate. */
const EVENTS_A_STEP = 50;
/** Webhooks served in one step. */
const WEBHOOKS_A_STEP = 100;
/** Used where `config.recover_hours` says nothing. */
const RECOVER_HOURS = 72;
/** How often one event may be queued again; from the second time on, an hour after its last attempt at the earliest. */
const MOST_RECOVERIES = 10;

/**
 * Automatic recovery, one step for each webhook whose turn has come. Once a webhook delivers again, its events that
 * were exhausted before that moment, and not longer before it than `recover_hours`, become due again, oldest first: 50
 * a second while it goes well, one a minute once the webhook fails again, as a probe that finds the end of the new
 * outage even where nothing is published. A recovered event has a single attempt; when that fails it is exhausted as
 * before, and the next end of an outage takes it along: ten times at most, so nothing goes round for ever.
 * Ordered events are left alone unless they hold back those behind them: queued late, they would be overtaken already.
 * So are events with an attempt limit of their own, which were meant to be tried now or never.
 *
 * What waits is rows of webhook_event and `recovery_due`, so a restart loses nothing; SKIP LOCKED and the new
 * `recovery_due` keep dispatchers from doubling the rate. Plan: webhook_health_recovery, then webhook_event_exhausted
 * in each partition, then the primary key for the update.
 */
const statement = `
  WITH turn AS MATERIALIZED (
    SELECT h.webhook_id, h.delivered_again,
           h.delivered_again - make_interval(secs => 3600 *
             COALESCE((w.config ->> 'recover_hours')::float8, ${RECOVER_HOURS})) AS since,
           COALESCE(w.config ->> 'on_exhausted' = 'block', false) AS blocks,
           CASE WHEN h.failing_since IS NULL THEN ${EVENTS_A_STEP} ELSE 1 END AS room,
           CASE WHEN h.failing_since IS NULL THEN interval '1 second' ELSE interval '1 minute' END AS pause
      FROM webhook_health h
      JOIN webhook w ON w.id = h.webhook_id AND w.is_active
     WHERE h.recovery_due <= now()
     ORDER BY h.recovery_due
     LIMIT ${WEBHOOKS_A_STEP}
       FOR UPDATE OF h SKIP LOCKED
  ), found AS MATERIALIZED (
    SELECT turn.webhook_id, event.id, event.created_date
      FROM turn
     CROSS JOIN LATERAL (
       SELECT id, created_date FROM webhook_event
        WHERE webhook_id = turn.webhook_id AND state = 'exhausted'
          AND modified_date >= turn.since AND modified_date < turn.delivered_again
          AND (recoveries = 0 OR (recoveries < ${MOST_RECOVERIES} AND modified_date < now() - interval '1 hour'))
          AND (NOT ordered OR turn.blocks) AND attempt_limit IS NULL
        ORDER BY id
        LIMIT turn.room
          FOR UPDATE SKIP LOCKED
     ) AS event
  ), next_turn AS (
    UPDATE webhook_health h
       SET recovery_due = CASE
             WHEN (SELECT count(*) FROM found WHERE found.webhook_id = turn.webhook_id) = turn.room
             THEN now() + turn.pause
             WHEN EXISTS (
               SELECT FROM webhook_event e
                WHERE e.webhook_id = turn.webhook_id AND e.state = 'exhausted'
                  AND e.modified_date >= GREATEST(turn.since, now() - interval '1 hour')
                  AND e.modified_date < turn.delivered_again
                  AND e.recoveries BETWEEN 1 AND ${MOST_RECOVERIES - 1}
                  AND (NOT e.ordered OR turn.blocks) AND e.attempt_limit IS NULL)
             THEN now() + interval '10 minutes' END
      FROM turn
     WHERE h.webhook_id = turn.webhook_id
  )
  UPDATE webhook_event e
     SET state = 'retrying', attempt_cause = 'recovery', next_attempt_at = now(),
         recoveries = e.recoveries + 1, modified_date = now()
   WHERE e.id = ANY (ARRAY(SELECT id FROM found))
     AND e.created_date BETWEEN (SELECT min(created_date) FROM found) AND (SELECT max(created_date) FROM found)
  RETURNING e.webhook_id`;

/** @returns how many events became due again, by webhook */
export async function requeueExhausted(pool: Pool): Promise<Map<number, number>> {
  const { rows } = await pool.query<{ webhook_id: number }>({ name: 'requeue-exhausted', text: statement });
  const requeued = new Map<number, number>();
  for (const { webhook_id } of rows) requeued.set(webhook_id, (requeued.get(webhook_id) ?? 0) + 1);
  return requeued;
}
