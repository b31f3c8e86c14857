import type { WebhookRow } from '@oms-webhooks/db';
import type { WebhookBody } from './webhook-body.ts';

/** A webhook is a part of a subscription: what these have in common is changed there. */
export class SubscriptionWebhookError extends Error {
  override name = 'SubscriptionWebhookError';
  readonly fields: readonly string[];
  /** For whoever asked. */
  readonly words: string;

  constructor(subscriptionId: string, fields: readonly string[]) {
    super(`webhook of the subscription ${subscriptionId}`);
    this.fields = fields;
    this.words = `Belongs to the subscription ${subscriptionId}; change it there.`;
  }
}

/** Only what a subscription does not say may change: countdown, headers, config, callback. The rest may be repeated as it is. */
export function requireOwnFields(webhook: WebhookRow, body: Partial<WebhookBody>): void {
  if (webhook.subscriptionId === null) return;
  const kept: Partial<WebhookBody> = {
    target_url: webhook.targetUrl,
    event_type: webhook.eventType,
    secret_key: webhook.secretKey,
    is_active: webhook.isActive,
  };
  const changed = Object.entries(kept).flatMap(([name, value]) => {
    const wanted = body[name as keyof WebhookBody];
    return wanted === undefined || wanted === value ? [] : [name];
  });
  if (changed.length > 0) throw new SubscriptionWebhookError(webhook.subscriptionId, changed);
}
