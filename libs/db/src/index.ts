export * from './batcher.ts';
export * from './database-away.ts';
export * from './database-clock.ts';
export * from './database.ts';
export * from './entities/account.ts';
export * from './entities/audit-entry.ts';
export * from './entities/delivery-attempt.ts';
export * from './entities/event-type.ts';
export {
  publishedEventEntity,
  REGISTRY_TOPICS,
  type PublishedEvent,
  type RegistryTopic,
} from './entities/published-event.ts';
export * from './entities/publisher-app.ts';
export * from './entities/resend-task.ts';
export { subscriptionEntity, type Subscription } from './entities/subscription.ts';
export * from './entities/setup-task.ts';
export * from './entities/token.ts';
export * from './entities/webhook-event.ts';
export { webhookEntity, type WebhookRow } from './entities/webhook.ts';
export * from './listener.ts';
export * from './old-partitions.ts';
export { ensurePartitions, withPartitions } from './partitions.ts';
export * from './sealed-webhooks.ts';
export * from './secrets-of-webhook.ts';
export * from './secrets.ts';
export * from './sql/cancel-events.ts';
export * from './sql/claim-due-events.ts';
export * from './sql/claim-leased-events.ts';
export * from './sql/claim-ordered-events.ts';
export * from './sql/release-followers.ts';
export * from './sql/count-listeners.ts';
export * from './sql/disable-webhook.ts';
export * from './sql/find-idempotency-key.ts';
export { findPublishedEvents } from './sql/find-published-events.ts';
export type { Subscriber } from './sql/find-subscribers.ts';
export * from './sql/forget-audit-entries.ts';
export * from './sql/forget-idempotency-keys.ts';
export * from './sql/insert-test-event.ts';
export * from './sql/insert-webhook-events.ts';
export * from './sql/keep-payload.ts';
export * from './sql/leased-event.ts';
export * from './sql/note-outcomes.ts';
export * from './sql/notify-due.ts';
export * from './sql/notify-group-unsettled.ts';
export * from './sql/park-events.ts';
export * from './sql/read-event-types.ts';
export * from './sql/record-attempts.ts';
export * from './sql/requeue-exhausted.ts';
export { resendEvent } from './sql/resend-event.ts';
export * from './sql/resend-events.ts';
export * from './sql/scanned-webhooks.ts';
export * from './sql/webhook-figures.ts';
export * from './sql/withdraw-event.ts';
export * from './shared-reads.ts';
export * from './subscribers.ts';
export * from './unique-violation.ts';
export * from './webhook-cache.ts';
