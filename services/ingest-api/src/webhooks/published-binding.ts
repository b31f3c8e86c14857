import type { WebhookRow } from '@oms-webhooks/db';
import type { EntityManager } from 'typeorm';
import { publishedEventFor, requirePermitted } from '../publisher-registry/plain-webhooks.ts';
import type { WebhookBody } from './webhook-body.ts';

/**
 * The published event that a new webhook of the type is bound to; null for a type that domain services publish.
 * @param published whether the type is known from publisher apps alone
 */
export async function binding(
  manager: EntityManager,
  accountId: number,
  eventType: string,
  published: boolean,
): Promise<{ publishedEventId: number | null }> {
  const event = published ? await publishedEventFor(manager, accountId, eventType) : undefined;
  return { publishedEventId: event ?? null };
}

/** What a change of event type or activity does to the binding, and to the lack of a permission. */
export async function rebinding(
  manager: EntityManager,
  { accountId, eventType, publishedEventId, permissionLost }: WebhookRow,
  body: Partial<WebhookBody>,
  published: boolean,
): Promise<Partial<WebhookRow>> {
  const reason = permissionLost ? { permissionLost: false, disabledReason: null } : {};
  if (body.event_type !== undefined && body.event_type !== eventType) {
    const bound = await binding(manager, accountId, body.event_type, published);
    return { ...bound, ...reason, ...(permissionLost && { isActive: body.is_active ?? true }) };
  }
  if (body.is_active && publishedEventId !== null)
    await requirePermitted(manager, accountId, publishedEventId);
  return body.is_active === undefined ? {} : reason;
}
