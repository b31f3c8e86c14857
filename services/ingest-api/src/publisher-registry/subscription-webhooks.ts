import { webhookEntity, type PublishedEvent, type Subscription, type WebhookRow } from '@oms-webhooks/db';
import { DEFAULT_COUNTDOWN } from '@oms-webhooks/domain';
import { In, IsNull, Not, type EntityManager } from 'typeorm';

/** Those of the events that the subscription has, in the order in which they were added. */
export function webhooksOf(manager: EntityManager, subscriptionId: string): Promise<WebhookRow[]> {
  return manager.find(webhookEntity, {
    where: { subscriptionId, deletedDate: IsNull() },
    order: { id: 'ASC' },
  });
}

/** A webhook for each event; one that the subscription had before comes back. The subscription must be locked. */
export async function addWebhooks(
  manager: EntityManager,
  subscription: Subscription,
  events: readonly PublishedEvent[],
): Promise<void> {
  const { id: subscriptionId } = subscription;
  const had = await manager.findBy(webhookEntity, { subscriptionId, deletedDate: Not(IsNull()) });
  for (const { id: publishedEventId, name: eventType } of events) {
    const columns = { ...columnsOf(subscription), publishedEventId, eventType };
    const again = had.find((webhook) => webhook.eventType === eventType);
    if (again) await changeWebhooks(manager, [again.id], { ...columns, deletedDate: null });
    else
      await manager.insert(webhookEntity, {
        ...columns,
        subscriptionId,
        accountId: subscription.accountId,
        retryCountdownConfig: DEFAULT_COUNTDOWN,
      });
  }
}

/** Sets them aside, deactivated: what they have sent stays readable. */
export async function removeWebhooks(manager: EntityManager, ids: number[]): Promise<void> {
  await changeWebhooks(manager, ids, {
    isActive: false,
    permissionLost: false,
    publishedEventId: null,
    deletedDate: () => 'now()',
  });
}

export async function changeWebhooks(
  manager: EntityManager,
  ids: number[],
  columns: { [Column in keyof WebhookRow]?: WebhookRow[Column] | (() => string) },
): Promise<void> {
  if (ids.length === 0) return;
  await manager
    .createQueryBuilder()
    .update(webhookEntity)
    .set({ ...columns, modifiedDate: () => 'now()' } as object)
    .where({ id: In(ids) })
    .execute();
}

const columnsOf = ({ targetUrl, signatureKey, isActive, customAttr }: Subscription) => ({
  targetUrl,
  secretKey: signatureKey,
  previousSecretKey: null,
  previousSecretUntil: null,
  isActive,
  customAttributes: customAttr,
  disabledReason: null,
  permissionLost: false,
});
