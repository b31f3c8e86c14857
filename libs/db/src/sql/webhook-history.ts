import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

/** What is looked at, however many attempts there are. */
const MOST_ATTEMPTS = 50_000;

/** The attempts of a stretch of time. */
export interface HistoryBucket {
  from: Instant;
  attempts: number;
  delivered: number;
  p50: number;
  p95: number;
}

/** Plan: delivery_attempt_of_webhook from its end, partition by partition. */
const history = `
  SELECT date_bin(make_interval(mins => $3), requested_at, 'epoch') AS "from", count(*) AS attempts,
         count(*) FILTER (WHERE error_kind IS NULL AND response_http_status BETWEEN 200 AND 299) AS delivered,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY duration_ms) AS p50,
         percentile_disc(0.95) WITHIN GROUP (ORDER BY duration_ms) AS p95
    FROM (
      SELECT requested_at, duration_ms, error_kind, response_http_status
        FROM delivery_attempt
       WHERE webhook_id = $1 AND requested_at > now() - make_interval(hours => $2)
       ORDER BY requested_at DESC LIMIT ${MOST_ATTEMPTS}
    ) AS latest
   GROUP BY 1
   ORDER BY 1`;

/** What came of a webhook's attempts in the last hours, in stretches of as many minutes; those without attempts are left out. */
export async function webhookHistory(
  pool: Pool,
  webhookId: number,
  { hours, bucketMinutes }: { hours: number; bucketMinutes: number },
): Promise<HistoryBucket[]> {
  const { rows } = await pool.query<HistoryBucket>(history, [webhookId, hours, bucketMinutes]);
  return rows;
}
