import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

/** After this long without a failure, what was failing begins anew: two failures a week apart are not a week of failing. */
const QUIET_HOURS = 24;

/**
 * Webhooks that delivered: those that had been failing are well again, and their recovery begins.
 * Rows are locked in order, because two dispatchers write the same ones. Plan: primary key of webhook_health.
 */
const delivered = `
  UPDATE webhook_health h
     SET failing_since = NULL, exhausted_in_a_row = 0, delivered_again = now(), recovery_due = now()
    FROM (
      SELECT webhook_id FROM webhook_health
       WHERE webhook_id = ANY ($1::int[]) AND failing_since IS NOT NULL
       ORDER BY webhook_id
         FOR UPDATE
    ) AS failing
   WHERE h.webhook_id = failing.webhook_id`;

/** Notes webhooks that delivered. Writes only where that is a change. */
export async function noteDelivered(pool: Pool, webhookIds: number[]): Promise<void> {
  if (webhookIds.length > 0) await pool.query(delivered, [webhookIds]);
}

/**
 * Webhooks that failed. Rows are written where they change: at the first failure, when events were exhausted, and once
 * a minute. Inactive webhooks are left out, so that requests which were in flight when one was disabled do not count
 * against it later. Plan: primary keys of webhook and webhook_health.
 */
const failed = `
  INSERT INTO webhook_health AS h (webhook_id, failing_since, last_failed, exhausted_in_a_row)
  SELECT noted.webhook_id, now(), now(), noted.exhausted
    FROM unnest($1::int[], $2::int[]) AS noted (webhook_id, exhausted)
    JOIN webhook w ON w.id = noted.webhook_id AND w.is_active
    LEFT JOIN webhook_health known ON known.webhook_id = noted.webhook_id
   WHERE noted.exhausted > 0 OR known.failing_since IS NULL OR known.last_failed IS NULL
      OR known.last_failed < now() - interval '1 minute'
   ORDER BY noted.webhook_id
  ON CONFLICT (webhook_id) DO UPDATE
     SET failing_since = CASE WHEN h.last_failed > now() - interval '${QUIET_HOURS} hours'
                              THEN COALESCE(h.failing_since, now()) ELSE now() END,
         last_failed = now(),
         exhausted_in_a_row = h.exhausted_in_a_row + excluded.exhausted_in_a_row
  RETURNING webhook_id, failing_since, last_failed, exhausted_in_a_row`;

export interface FailingWebhook {
  webhookId: number;
  failingSince: Instant;
  lastFailed: Instant;
  exhaustedInARow: number;
}

/**
 * Notes webhooks that failed, with how many events were exhausted.
 * @returns how those stand whose row was written
 */
export async function noteFailed(
  pool: Pool,
  webhooks: { webhookId: number; exhausted: number }[],
): Promise<FailingWebhook[]> {
  if (webhooks.length === 0) return [];
  const { rows } = await pool.query<{
    webhook_id: number;
    failing_since: Instant;
    last_failed: Instant;
    exhausted_in_a_row: number;
  }>(failed, [webhooks.map(({ webhookId }) => webhookId), webhooks.map(({ exhausted }) => exhausted)]);
  return rows.map((row) => ({
    webhookId: row.webhook_id,
    failingSince: row.failing_since,
    lastFailed: row.last_failed,
    exhaustedInARow: row.exhausted_in_a_row,
  }));
}
