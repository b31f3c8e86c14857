import type { Pool } from 'pg';

/** Stands for the webhook itself where an event's content type is shown; CONTENT_TYPES begins at 1. */
export const WEBHOOK_CONTENT_TYPE = 0;

/**
 * Deactivates a webhook and publishes `webhook.disabled` to the account's other webhooks of that type, in one commit.
 * The guard lets one dispatcher win; the disabled webhook gets no notice of its own end, so notices cannot go in
 * circles. Its record begins anew for when it is enabled again, except that its outage ends with its first delivery.
 * Plan: primary keys, then the unique index of webhook by account.
 */
const statement = `
  WITH disabled AS (
    UPDATE webhook SET is_active = false, disabled_reason = $2, modified_date = now()
     WHERE id = $1 AND is_active
    RETURNING id, account_id, target_url, event_type
  ), health AS (
    UPDATE webhook_health SET last_failed = NULL, exhausted_in_a_row = 0, recovery_due = NULL
     WHERE webhook_id IN (SELECT id FROM disabled)
  ), notice AS (
    INSERT INTO webhook_event
      (uuid, webhook_id, event_type, content_type, object_id, payload, ordered, next_attempt_at)
    SELECT gen_random_uuid(), w.id, w.event_type, ${WEBHOOK_CONTENT_TYPE}, disabled.id::text,
           json_build_object(
             'webhook', disabled.id,
             'target_url', disabled.target_url,
             'event_type', disabled.event_type,
             'reason', $2::text,
             'disabled_date', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
             'enable_again', format('PATCH /whisperer/hooks/%s/ {"is_active": true}', disabled.id))::text,
           COALESCE(w.config ->> 'ordered' = 'true', false), now()
      FROM disabled
      JOIN webhook w ON w.account_id = disabled.account_id AND w.id <> disabled.id
       AND w.event_type = 'webhook.disabled' AND w.is_active
    RETURNING webhook_id
  )
  SELECT array(SELECT webhook_id FROM notice) AS notified FROM disabled`;

/** @returns the webhooks that have a notice to deliver, or undefined when it was not active any more */
export async function disableWebhook(
  pool: Pool,
  webhookId: number,
  reason: string,
): Promise<number[] | undefined> {
  const { rows } = await pool.query<{ notified: number[] }>(statement, [webhookId, reason]);
  return rows[0]?.notified;
}
