import type { PublishedEvent } from '@oms-webhooks/db';
import type { EntityManager } from 'typeorm';

/*
 * An event type is the name under which a target knows the event. A plain webhook whose account has one for this target
 * and the new name already keeps the old name: it is bound by the event's id and goes on hearing it.
 */
const rename = `
  UPDATE webhook w SET event_type = $2, modified_date = now()
   WHERE w.published_event_id = $1
     AND (w.subscription_id IS NOT NULL OR NOT EXISTS (
           SELECT FROM webhook o
            WHERE o.account_id = w.account_id AND o.target_url = w.target_url AND o.event_type = $2
              AND o.subscription_id IS NULL))`;

/** The registry must be held alone. */
export async function renameForSubscribers(manager: EntityManager, id: number, name: string): Promise<void> {
  await manager.query(rename, [id, name]);
}

/* Those of subscriptions are deleted, so that the subscriptions have the event no more. */
const deactivate = `
  UPDATE webhook w
     SET is_active = false, permission_lost = false, disabled_reason = $2, published_event_id = NULL,
         deleted_date = CASE WHEN w.subscription_id IS NULL THEN w.deleted_date ELSE now() END, modified_date = now()
   WHERE w.id IN (SELECT id FROM webhook WHERE published_event_id = $1 ORDER BY id FOR NO KEY UPDATE)
  RETURNING w.subscription_id`;

/** Before an event is deleted. The registry must be held alone. @returns the subscriptions that had it */
export async function deactivateSubscribers(
  manager: EntityManager,
  { id, name }: PublishedEvent,
): Promise<string[]> {
  const [rows] = await manager.query<[{ subscription_id: string | null }[]]>(deactivate, [
    id,
    `The published event ${name} was deleted.`,
  ]);
  return rows.flatMap(({ subscription_id }) => subscription_id ?? []);
}
