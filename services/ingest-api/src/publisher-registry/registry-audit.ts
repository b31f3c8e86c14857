import type { AuditAction, PublishedEvent, PublisherApp, Subscription } from '@oms-webhooks/db';
import type { Caller } from '@oms-webhooks/http';
import type { EntityManager } from 'typeorm';
import { recordChange } from '../audit/record-change.ts';
import { appIdJson } from './app-json.ts';

/** Before and after of one change; nothing before it was created, nothing after it was deleted. */
interface Change<Row> {
  action: AuditAction;
  before?: Row;
  after?: Row;
}

const auditedApp = ({ tenant, name, permissions }: PublisherApp) => ({ tenant, name, permissions });

export async function recordAppChange(
  manager: EntityManager,
  by: Caller,
  id: string,
  { action, before, after }: Change<PublisherApp>,
): Promise<void> {
  await recordChange(manager, by, {
    action,
    objectType: 'publisher_app',
    objectId: appIdJson(id),
    ownerId: by.accountId,
    before: before ? auditedApp(before) : {},
    after: after ? auditedApp(after) : {},
  });
}

const auditedEvent = (event: PublishedEvent) => ({
  app: appIdJson(event.appId),
  topic: event.topic,
  name: event.name,
  type: event.type,
  description: event.description,
  event_type: event.eventType,
  filter_logic: event.filterLogic,
  get_api_path: event.getApiPath,
});

export async function recordEventChange(
  manager: EntityManager,
  by: Caller,
  id: number,
  { action, before, after }: Change<PublishedEvent>,
): Promise<void> {
  await recordChange(manager, by, {
    action,
    objectType: 'published_event',
    objectId: id,
    ownerId: by.accountId,
    before: before ? auditedEvent(before) : {},
    after: after ? auditedEvent(after) : {},
  });
}

/** A subscription and the names of its events. */
export type SubscriptionWithEvents = Subscription & { events: readonly string[] };

const auditedSubscription = (subscription: SubscriptionWithEvents) => ({
  tenant: subscription.tenant,
  app: appIdJson(subscription.appId),
  topic: subscription.topic,
  description: subscription.description,
  target_url: subscription.targetUrl,
  signature_key: subscription.signatureKey,
  is_active: subscription.isActive,
  custom_attr: subscription.customAttr,
  events: subscription.events,
});

export async function recordSubscriptionChange(
  manager: EntityManager,
  by: Caller,
  id: string,
  { action, before, after }: Change<SubscriptionWithEvents>,
): Promise<void> {
  await recordChange(manager, by, {
    action,
    objectType: 'subscription',
    objectId: id,
    ownerId: by.accountId,
    before: before ? auditedSubscription(before) : {},
    after: after ? auditedSubscription(after) : {},
    mask: ({ signature_key, ...fields }) => ({ ...fields, signature_key: signature_key ? '***' : null }),
  });
}
