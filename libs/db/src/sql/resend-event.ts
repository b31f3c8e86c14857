import type { Pool } from 'pg';

/**
 * What a resend makes of a webhook event, whatever its state: due at once; one that is in flight is sent again as soon as
 * that attempt is recorded, so that two requests of an event never overlap. The columns of an UPDATE of webhook_event.
 */
export const RESENT = `
           resend_wanted = COALESCE(in_flight AND next_attempt_at > now(), false),
           next_attempt_at = CASE WHEN in_flight AND next_attempt_at > now() THEN next_attempt_at ELSE now() END,
           attempt_cause = CASE WHEN in_flight AND next_attempt_at > now() THEN attempt_cause ELSE 'resend' END,
           in_flight = COALESCE(in_flight AND next_attempt_at > now(), false), modified_date = now(),
           state = CASE WHEN attempts = 0 THEN 'pending' ELSE 'retrying' END`;

/** Resends one event. The dispatchers are told to look. Plan: webhook_event_uuid. */
const statement = `
  WITH resent AS (
    UPDATE webhook_event
       SET ${RESENT}
     WHERE uuid = $1
    RETURNING webhook_id
  )
  SELECT pg_notify('oms_webhooks_resent', webhook_id::text) FROM resent`;

/** @returns whether there is such an event */
export async function resendEvent(pool: Pool, uuid: string): Promise<boolean> {
  const { rowCount } = await pool.query(statement, [uuid]);
  return rowCount === 1;
}
