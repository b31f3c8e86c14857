import type { Pool } from 'pg';
import type { DispatchedEvent } from '@oms-webhooks/domain';

/**
 * After an ordered event is finished: makes the next one of its object due, and first among the due ones of its
 * webhook. One that has been attempted keeps its countdown. Should this be missed, it becomes due by itself when the
 * finished event's lease would have run out. Plan: one probe of webhook_event_order an object.
 */
const statement = `
  UPDATE webhook_event e
     SET next_attempt_at = e.created_date
    FROM unnest($1::int[], $2::text[], $3::int[]) AS key (webhook_id, object_id, content_type)
   CROSS JOIN LATERAL (
     SELECT id, created_date FROM webhook_event
      WHERE ordered AND state NOT IN ('delivered', 'cancelled') AND state <> 'exhausted'
        AND webhook_id = key.webhook_id AND object_id = key.object_id
        AND COALESCE(content_type, -1) = COALESCE(key.content_type, -1)
      ORDER BY id LIMIT 1
   ) AS next
   WHERE e.id = next.id AND e.created_date = next.created_date AND NOT e.in_flight AND e.attempts = 0`;

export async function releaseFollowers(pool: Pool, finished: DispatchedEvent[]): Promise<void> {
  await pool.query({
    name: 'release-followers',
    text: statement,
    values: [
      finished.map(({ webhookId }) => webhookId),
      finished.map(({ objectId }) => objectId),
      finished.map(({ contentType }) => contentType),
    ],
  });
}
