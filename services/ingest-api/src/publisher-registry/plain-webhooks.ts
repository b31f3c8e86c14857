import { publishedEventEntity } from '@oms-webhooks/db';
import type { EntityManager } from 'typeorm';
import { missingFor } from './webhook-permissions.ts';

/** The account has no role that holds every permission of the publisher. */
export class NotPermittedError extends Error {
  override name = 'NotPermittedError';
}

/**
 * The published event that a webhook outside of subscriptions hears by its event type: of the apps without a tenant that
 * the account may subscribe to, the one that was registered first. Undefined when no such app publishes one. The
 * registry must be relied on. Throws `NotPermittedError`.
 */
export async function publishedEventFor(
  manager: EntityManager,
  accountId: number,
  name: string,
): Promise<number | undefined> {
  const events = await manager.find(publishedEventEntity, {
    where: { name, app: { tenant: '' } },
    relations: { app: true },
    order: { id: 'ASC' },
  });
  for (const { id, app } of events) {
    const missing = await missingFor(manager, accountId, app);
    if (missing.length === 0) return id;
  }
  if (events.length > 0) throw new NotPermittedError();
  return undefined;
}

/** Whether the account may hear the event. The registry must be relied on. Throws `NotPermittedError`. */
export async function requirePermitted(manager: EntityManager, accountId: number, id: number): Promise<void> {
  const event = await manager.findOne(publishedEventEntity, { where: { id }, relations: { app: true } });
  if (event && (await missingFor(manager, accountId, event.app)).length > 0) throw new NotPermittedError();
}
