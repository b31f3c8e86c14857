import { randomUUID } from 'node:crypto';
import { subscriptionEntity, type Subscription, type WebhookRow } from '@oms-webhooks/db';
import { formatInstant } from '@oms-webhooks/domain';
import type { Caller } from '@oms-webhooks/http';
import { IsNull, type DataSource, type EntityManager } from 'typeorm';
import { rotation } from '../webhooks/secret-rotation.ts';
import type { CursorPage } from './cursor-pages.ts';
import { refuse, refuseField } from './refusals.ts';
import { recordSubscriptionChange } from './registry-audit.ts';
import { relyOnRegistry } from './registry-lock.ts';
import {
  MOST_EVENTS,
  type EventsChange,
  type SubscriptionBody,
  type SubscriptionChanges,
} from './subscription-body.ts';
import { eventsNamed, permittedApp } from './subscription-rules.ts';
import { addWebhooks, changeWebhooks, removeWebhooks, webhooksOf } from './subscription-webhooks.ts';

/** Where a subscription stands in the list: its creation in microseconds, and its id. */
export type SubscriptionKey = [createdDate: number, id: string];

export interface SubscriptionDetails {
  subscription: Subscription;
  webhooks: WebhookRow[];
}

/** An account's subscriptions within a tenant; a superuser, too, has its own only. */
export class SubscriptionStore {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  create(caller: Caller, tenant: string, body: SubscriptionBody): Promise<SubscriptionDetails> {
    const { topic, eventAppId: appId, description = '', isActive = true, customAttr = false, webhook } = body;
    return this.#orm.transaction(async (manager) => {
      await relyOnRegistry(manager);
      await permittedApp(manager, caller, { tenant, appId });
      const events = await eventsNamed(manager, { appId, topic }, body.events);
      const id = randomUUID();
      await manager.insert(subscriptionEntity, {
        id,
        accountId: caller.accountId,
        tenant,
        appId,
        topic,
        description,
        targetUrl: webhook.url,
        signatureKey: webhook.signatureKey ?? null,
        isActive,
        customAttr,
      });
      const subscription = await manager.findOneByOrFail(subscriptionEntity, { id });
      await addWebhooks(manager, subscription, events);
      const after = await detailsOf(manager, subscription);
      await recordSubscriptionChange(manager, caller, id, { action: 'create', after: audited(after) });
      return after;
    });
  }

  /** In the order in which they were made; one more than the page shows, if there is one. */
  list(
    caller: Caller,
    tenant: string,
    { after, limit }: CursorPage<SubscriptionKey>,
  ): Promise<Subscription[]> {
    const { accountId } = caller;
    const query = this.#orm
      .getRepository(subscriptionEntity)
      .createQueryBuilder('s')
      .where('s.account_id = :accountId AND s.tenant = :tenant AND s.deleted_date IS NULL', {
        accountId,
        tenant,
      })
      .orderBy('s.created_date')
      .addOrderBy('s.id')
      .limit(limit + 1);
    if (after)
      query.andWhere('(s.created_date, s.id) > (:date, :id)', {
        date: formatInstant(after[0]),
        id: after[1],
      });
    return query.getMany();
  }

  /** Refuses when the caller has no such subscription in the tenant. */
  async find(caller: Caller, tenant: string, id: string): Promise<SubscriptionDetails> {
    const { manager } = this.#orm;
    return detailsOf(manager, await ownSubscription(manager, caller, tenant, id));
  }

  /** What is said again counts, too: `isActive: true` activates what was disabled. */
  change(
    caller: Caller,
    tenant: string,
    id: string,
    changes: SubscriptionChanges,
  ): Promise<SubscriptionDetails> {
    return this.#changing(caller, tenant, id, async (manager, { subscription, webhooks }) => {
      const { description, isActive, customAttr, webhook = {} } = changes;
      if (isActive) await permittedApp(manager, caller, subscription);
      const { url, signatureKey } = webhook;
      await setOf(manager, id, { description, isActive, customAttr, targetUrl: url, signatureKey });
      await changeWebhooks(
        manager,
        webhooks.map((row) => row.id),
        {
          ...(url !== undefined && { targetUrl: url }),
          ...(signatureKey !== undefined && { secretKey: signatureKey }),
          ...rotation(subscription.signatureKey, signatureKey),
          ...(customAttr !== undefined && { customAttributes: customAttr }),
          ...(isActive !== undefined && { isActive, disabledReason: null, permissionLost: false }),
        },
      );
    });
  }

  /** An event that it has already stays as it is; removing one that it has not is refused. */
  changeEvents(
    caller: Caller,
    tenant: string,
    id: string,
    { action, events: names }: EventsChange,
  ): Promise<SubscriptionDetails> {
    return this.#changing(caller, tenant, id, async (manager, { subscription, webhooks }) => {
      await setOf(manager, id, {});
      const has = (name: string) => webhooks.some(({ eventType }) => eventType === name);
      if (action === 'remove') {
        const unknown = names.filter((name) => !has(name));
        if (unknown.length > 0)
          throw refuseField('events', ...unknown.map((name) => `"${name}" is not in the subscription.`));
        const removed = webhooks.filter(({ eventType }) => names.includes(eventType));
        return removeWebhooks(
          manager,
          removed.map((webhook) => webhook.id),
        );
      }
      await permittedApp(manager, caller, subscription);
      const events = await eventsNamed(manager, subscription, names);
      const added = events.filter(({ name }) => !has(name));
      if (webhooks.length + added.length > MOST_EVENTS)
        throw refuseField('events', `A subscription has no more than ${MOST_EVENTS} events.`);
      await addWebhooks(manager, subscription, added);
    });
  }

  /** Its webhooks are set aside with it; their events stay readable. */
  async remove(caller: Caller, tenant: string, id: string): Promise<void> {
    await this.#orm.transaction(async (manager) => {
      await relyOnRegistry(manager);
      const before = await detailsOf(manager, await ownSubscription(manager, caller, tenant, id, 'locked'));
      await setOf(manager, id, { isActive: false, deletedDate: () => 'now()' });
      await removeWebhooks(
        manager,
        before.webhooks.map((webhook) => webhook.id),
      );
      await recordSubscriptionChange(manager, caller, id, { action: 'delete', before: audited(before) });
    });
  }

  #changing(
    caller: Caller,
    tenant: string,
    id: string,
    change: (manager: EntityManager, before: SubscriptionDetails) => Promise<void>,
  ): Promise<SubscriptionDetails> {
    return this.#orm.transaction(async (manager) => {
      await relyOnRegistry(manager);
      const before = await detailsOf(manager, await ownSubscription(manager, caller, tenant, id, 'locked'));
      await change(manager, before);
      const after = await detailsOf(manager, await ownSubscription(manager, caller, tenant, id));
      const changed = { before: audited(before), after: audited(after) };
      await recordSubscriptionChange(manager, caller, id, { action: 'update', ...changed });
      return after;
    });
  }
}

async function ownSubscription(
  manager: EntityManager,
  { accountId }: Caller,
  tenant: string,
  id: string,
  locked?: 'locked',
): Promise<Subscription> {
  const found = await manager.findOne(subscriptionEntity, {
    where: { id, accountId, tenant, deletedDate: IsNull() },
    ...(locked && { lock: { mode: 'pessimistic_write' } }),
  });
  if (!found) throw refuse('unknown subscription', 'There is no such subscription.');
  return found;
}

async function detailsOf(manager: EntityManager, subscription: Subscription): Promise<SubscriptionDetails> {
  return { subscription, webhooks: await webhooksOf(manager, subscription.id) };
}

/** @param columns those that are undefined stay as they are */
async function setOf(
  manager: EntityManager,
  id: string,
  columns: { [Column in keyof Subscription]?: Subscription[Column] | (() => string) | undefined },
): Promise<void> {
  const given = Object.entries(columns).filter(([, value]) => value !== undefined);
  await manager
    .createQueryBuilder()
    .update(subscriptionEntity)
    .set({ ...Object.fromEntries(given), modifiedDate: () => 'now()' })
    .where({ id })
    .execute();
}

const audited = ({ subscription, webhooks }: SubscriptionDetails) => ({
  ...subscription,
  events: webhooks.map(({ eventType }) => eventType),
});
