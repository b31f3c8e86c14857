import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';
import { WEBHOOK_CONTENT_TYPE } from './disable-webhook.ts';

export interface TestEvent {
  id: number;
  createdDate: Instant;
}

/**
 * An example event that is due at once and attempted once. Its object is the webhook itself. A resend by its cause:
 * somebody is waiting for it, so it goes even where the circuit is open, and its failure is no sign of bad health.
 */
const insert = `
  WITH inserted AS (
    INSERT INTO webhook_event
      (uuid, webhook_id, event_type, content_type, object_id, payload, attempt_cause, attempt_limit, next_attempt_at)
    VALUES ($1, $2, $3, ${WEBHOOK_CONTENT_TYPE}, $2::int::text, $4, 'resend', 1, now())
    RETURNING id, created_date, webhook_id
  )
  SELECT id, created_date, pg_notify('oms_webhooks_resent', webhook_id::text) FROM inserted`;

/** Publishes a test event and tells the dispatchers. @param event.payload JSON source text */
export async function insertTestEvent(
  pool: Pool,
  event: { uuid: string; webhookId: number; eventType: string; payload: string },
): Promise<TestEvent> {
  const { rows } = await pool.query<{ id: number; created_date: Instant }>(insert, [
    event.uuid,
    event.webhookId,
    event.eventType,
    event.payload,
  ]);
  const [row] = rows;
  if (!row) throw new Error('the test event was not inserted');
  return { id: row.id, createdDate: row.created_date };
}
