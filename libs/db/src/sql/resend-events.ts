import { formatInstant } from '@oms-webhooks/domain';
import type { EntityManager } from 'typeorm';
import type { WebhookEventRow } from '../entities/webhook-event.ts';
import { RESENT } from './resend-event.ts';

/**
 * Resends events by resend-event.ts's rule, those of inactive webhooks excepted: they would only be cancelled again. The
 * dispatchers are told once a webhook; on $4, since each notice of a resend lets one request through an open circuit.
 * Plan: primary key, in the partitions between the oldest and the youngest event only.
 */
const statement = `
  WITH resent AS (
    UPDATE webhook_event e
       SET ${RESENT}
     WHERE e.id = ANY ($1::bigint[]) AND e.created_date BETWEEN $2::timestamptz AND $3::timestamptz
       AND EXISTS (SELECT FROM webhook w WHERE w.id = e.webhook_id AND w.is_active)
    RETURNING webhook_id
  ), told AS (
    SELECT webhook_id, count(*) AS events, pg_notify($4, webhook_id::text) FROM resent GROUP BY webhook_id
  )
  SELECT COALESCE(sum(events), 0)::int AS count FROM told`;

/**
 * @param events in the order of their ids
 * @param probing whether dispatchers shall try a target that they take to be down
 * @returns how many were resent
 */
export async function resendEvents(
  manager: EntityManager,
  events: Pick<WebhookEventRow, 'id' | 'createdDate'>[],
  { probing }: { probing: boolean },
): Promise<number> {
  if (events.length === 0) return 0;
  const dates = events.map(({ createdDate }) => createdDate);
  const [row] = await manager.query<{ count: number }[]>(statement, [
    events.map(({ id }) => id),
    formatInstant(Math.min(...dates)),
    formatInstant(Math.max(...dates)),
    probing ? 'oms_webhooks_resent' : 'oms_webhooks_due',
  ]);
  return row?.count ?? 0;
}
