import { isUniqueViolation, webhookEntity, type WebhookRow } from '@oms-webhooks/db';
import { DEFAULT_COUNTDOWN } from '@oms-webhooks/domain';
import type { Caller, Order, Page } from '@oms-webhooks/http';
import {
  IsNull,
  type DataSource,
  type EntityManager,
  type Repository,
  type SelectQueryBuilder,
} from 'typeorm';
import { relyOnRegistry } from '../publisher-registry/registry-lock.ts';
import { binding, rebinding } from './published-binding.ts';
import { rotation } from './secret-rotation.ts';
import { requireOwnFields, SubscriptionWebhookError } from './subscription-webhook.ts';
import { recordWebhookChange } from './webhook-audit.ts';
import type { WebhookBody } from './webhook-body.ts';

export interface WebhookFilters {
  target_url?: string;
  event_type?: string;
  is_active?: boolean;
}

/** What a list may be ordered by, and the property that holds it. */
const ORDERINGS = {
  id: 'w.id',
  created_date: 'w.createdDate',
  modified_date: 'w.modifiedDate',
  target_url: 'w.targetUrl',
  event_type: 'w.eventType',
  is_active: 'w.isActive',
} as const;
export type WebhookOrdering = keyof typeof ORDERINGS;
export const WEBHOOK_ORDERINGS = Object.keys(ORDERINGS) as WebhookOrdering[];

/** An account has a webhook with this target and event type already. */
export class DuplicateWebhookError extends Error {
  override name = 'DuplicateWebhookError';
}

/** The webhooks of the database as a caller may see them: an account's own, or all for a superuser. Deleted ones stay readable. */
export class WebhookStore {
  readonly #webhooks: Repository<WebhookRow>;

  constructor(orm: DataSource) {
    this.#webhooks = orm.getRepository(webhookEntity);
  }

  /** Newest first, unless `orders` say otherwise. */
  list(
    caller: Caller,
    filters: WebhookFilters,
    orders: Order<WebhookOrdering>[],
    page: Page,
  ): Promise<WebhookRow[]> {
    const query = this.#matching(caller, filters).skip(page.offset).take(page.limit);
    for (const { field, descending } of orders)
      query.addOrderBy(ORDERINGS[field], descending ? 'DESC' : 'ASC');
    // The id decides between equals, so that pages never overlap.
    if (!orders.some(({ field }) => field === 'id')) query.addOrderBy('w.id', 'DESC');
    return query.getMany();
  }

  count(caller: Caller, filters: WebhookFilters): Promise<number> {
    return this.#matching(caller, filters).getCount();
  }

  find(caller: Caller, id: number): Promise<WebhookRow | null> {
    return this.#webhooks.findOneBy({ id, ...ownedBy(caller) });
  }

  /**
   * Registers a webhook of the caller's own account; a deleted one with the same target and event type comes back with these
   * settings. One statement, so that of two requests at once one is the duplicate. Throws `DuplicateWebhookError`, and
   * `NotPermittedError`.
   * @param published whether the event type is known from publisher apps alone
   */
  create(caller: Caller, body: WebhookBody, published = false): Promise<WebhookRow> {
    const { accountId } = caller;
    return this.#webhooks.manager.transaction(async (manager) => {
      await relyOnRegistry(manager);
      const bound = await binding(manager, accountId, body.event_type, published);
      const given = { ...columnsOf(body), accountId, ...bound };
      const columns = { retryCountdownConfig: DEFAULT_COUNTDOWN, ...given };
      const webhooks = manager.getRepository(webhookEntity);
      const { target_url: targetUrl, event_type: eventType } = body;
      const deleted = await webhooks.findOneBy({
        accountId,
        targetUrl,
        eventType,
        subscriptionId: IsNull(),
      });
      const inserted = await webhooks
        .createQueryBuilder()
        .insert()
        .values(columns as object)
        .orUpdate(REVIVED, ['account_id', 'target_url', 'event_type'], {
          indexPredicate: 'subscription_id IS NULL',
          overwriteCondition: { where: 'webhook.deleted_date IS NOT NULL' },
        })
        .returning('id')
        .updateEntity(false)
        .execute();
      const [created] = inserted.raw as { id: number }[];
      if (!created) throw new DuplicateWebhookError();
      const webhook = await webhooks.findOneByOrFail({ id: created.id });
      await recordWebhookChange(manager, caller, deleted ? 'revive' : 'create', deleted, webhook);
      return webhook;
    });
  }

  /**
   * Changes what the body names; null when the caller has no such webhook. Throws `DuplicateWebhookError`,
   * `SubscriptionWebhookError`, `NotPermittedError`.
   */
  async change(
    caller: Caller,
    id: number,
    body: Partial<WebhookBody>,
    published = false,
  ): Promise<WebhookRow | null> {
    const again = body.is_active ? { deletedDate: null, disabledReason: null } : {};
    try {
      return await this.#webhooks.manager.transaction(async (manager) => {
        await relyOnRegistry(manager);
        const before = await lockedWebhook(manager, caller, id);
        if (!before) return null;
        requireOwnFields(before, body);
        const columns = {
          ...columnsOf(body),
          ...again,
          ...rotation(before.secretKey, body.secret_key),
          ...(await rebinding(manager, before, body, published)),
        };
        return await writeChange(manager, caller, 'update', before, columns);
      });
    } catch (error) {
      if (isUniqueViolation(error)) throw new DuplicateWebhookError();
      throw error;
    }
  }

  /** Deactivates it and sets it aside; whether the caller has such a webhook, deleted or not. */
  delete(caller: Caller, id: number): Promise<boolean> {
    return this.#webhooks.manager.transaction(async (manager) => {
      const before = await lockedWebhook(manager, caller, id);
      if (!before) return false;
      if (before.subscriptionId !== null) throw new SubscriptionWebhookError(before.subscriptionId, []);
      const columns = {
        isActive: false,
        permissionLost: false,
        deletedDate: () => 'COALESCE(deleted_date, now())',
      };
      await writeChange(manager, caller, 'delete', before, columns);
      return true;
    });
  }

  #matching(caller: Caller, filters: WebhookFilters): SelectQueryBuilder<WebhookRow> {
    const query = this.#webhooks.createQueryBuilder('w').where(ownedBy(caller));
    const { target_url, event_type, is_active } = filters;
    if (target_url !== undefined) query.andWhere('w.target_url = :target_url', { target_url });
    if (event_type !== undefined) query.andWhere('lower(w.event_type) = lower(:event_type)', { event_type });
    if (is_active !== undefined) query.andWhere('w.is_active = :is_active', { is_active });
    return query;
  }
}

/** All but the triple, the id and the date of creation. */
const REVIVED = [
  'is_active',
  'secret_key',
  'previous_secret_key',
  'previous_secret_until',
  'callback',
  'retry_countdown_config',
  'additional_headers',
  'config',
  'disabled_reason',
  'published_event_id',
  'permission_lost',
  'modified_date',
  'deleted_date',
];

function lockedWebhook(manager: EntityManager, caller: Caller, id: number): Promise<WebhookRow | null> {
  const where = { id, ...ownedBy(caller) };
  return manager.getRepository(webhookEntity).findOne({ where, lock: { mode: 'pessimistic_write' } });
}

/** The change and its audit entry. */
async function writeChange(
  manager: EntityManager,
  caller: Caller,
  action: 'update' | 'delete',
  before: WebhookRow,
  columns: object,
): Promise<WebhookRow> {
  const { id } = before;
  await manager
    .createQueryBuilder()
    .update(webhookEntity)
    .set({ ...columns, modifiedDate: () => 'now()' })
    .where({ id })
    .execute();
  const after = await manager.getRepository(webhookEntity).findOneByOrFail({ id });
  await recordWebhookChange(manager, caller, action, before, after);
  return after;
}

const ownedBy = ({ superuser, accountId }: Caller) => (superuser ? {} : { accountId });

function columnsOf(body: Partial<WebhookBody>): Partial<WebhookRow> {
  const columns = {
    retryCountdownConfig: body.retry_countdown_config,
    targetUrl: body.target_url,
    isActive: body.is_active,
    secretKey: body.secret_key,
    eventType: body.event_type,
    callback: body.callback,
    additionalHeaders: body.additional_headers === null ? {} : body.additional_headers,
    config: body.config,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
