import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

/** A webhook that somebody should look at: its attempts fail, or it was disabled for a reason. */
export interface WebhookInTrouble {
  id: number;
  targetUrl: string;
  eventType: string;
  isActive: boolean;
  disabledReason: string | null;
  failingSince: Instant | null;
  /** Of its latest attempt. */
  lastAttempt: Instant | null;
  responseHttpStatus: number | null;
  errorKind: string | null;
  error: string | null;
}

/** Of one account, or of all. A webhook without attempts cannot be failing, so the rows of webhook_health are enough. */
const inTrouble = `
    FROM webhook w
    LEFT JOIN webhook_health h ON h.webhook_id = w.id
   WHERE w.deleted_date IS NULL AND ($1::int IS NULL OR w.account_id = $1)
     AND CASE WHEN w.is_active THEN h.failing_since IS NOT NULL ELSE w.disabled_reason IS NOT NULL END`;

const counted = `SELECT count(*) AS count ${inTrouble}`;

/** Plan: both tables are small; delivery_attempt_of_webhook from its end for each webhook of the page. */
const page = `
  SELECT t.*, a.requested_at AS "lastAttempt", a.response_http_status AS "responseHttpStatus",
         a.error_kind AS "errorKind", a.error
    FROM (
      SELECT w.id, w.target_url AS "targetUrl", w.event_type AS "eventType", w.is_active AS "isActive",
             w.disabled_reason AS "disabledReason", h.failing_since AS "failingSince"
      ${inTrouble}
       ORDER BY w.is_active DESC, h.failing_since DESC NULLS LAST, w.id DESC
       LIMIT $2 OFFSET $3
    ) AS t
    LEFT JOIN LATERAL (
      SELECT requested_at, response_http_status, error_kind, error FROM delivery_attempt
       WHERE webhook_id = t.id ORDER BY requested_at DESC LIMIT 1
    ) AS a ON true
   ORDER BY t."isActive" DESC, t."failingSince" DESC NULLS LAST, t.id DESC`;

/** How many webhooks are in trouble. @param accountId whose; null for everybody's */
export async function countWebhooksInTrouble(pool: Pool, accountId: number | null): Promise<number> {
  const { rows } = await pool.query<{ count: number }>(counted, [accountId]);
  return rows[0]?.count ?? 0;
}

/** One page of them: those that fail now, the latest first, then those that are disabled. */
export async function webhooksInTrouble(
  pool: Pool,
  accountId: number | null,
  { limit, offset }: { limit: number; offset: number },
): Promise<WebhookInTrouble[]> {
  const { rows } = await pool.query<WebhookInTrouble>(page, [accountId, limit, offset]);
  return rows;
}
