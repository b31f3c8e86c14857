import {
  changeSecret,
  changeSecretsOfConfig,
  changeSecretsOfHeaders,
  type AuditAction,
  type WebhookRow,
} from '@oms-webhooks/db';
import type { EntityManager } from 'typeorm';
import { recordChange, type Actor } from '../audit/record-change.ts';

/** Writes the audit entry of a webhook, secrets masked. */
export function recordWebhookChange(
  manager: EntityManager,
  by: Actor,
  action: AuditAction,
  before: WebhookRow | null,
  after: WebhookRow,
): Promise<void> {
  return recordChange(manager, by, {
    action,
    objectType: 'webhook',
    objectId: after.id,
    ownerId: after.accountId,
    before: before ? audited(before) : {},
    after: audited(after),
    mask: (fields) => ({ ...fields, ...masked(fields) }),
  });
}

type Audited = Partial<ReturnType<typeof audited>>;

const audited = (webhook: WebhookRow) => ({
  target_url: webhook.targetUrl,
  event_type: webhook.eventType,
  is_active: webhook.isActive,
  disabled_reason: webhook.disabledReason ?? undefined,
  secret_key: webhook.secretKey,
  callback: webhook.callback,
  retry_countdown_config: webhook.retryCountdownConfig,
  additional_headers: webhook.additionalHeaders,
  config: webhook.config,
});

function masked({ secret_key, additional_headers, config }: Audited): Audited {
  return {
    secret_key: changeSecret(secret_key ?? null, hide),
    ...(additional_headers && { additional_headers: changeSecretsOfHeaders(additional_headers, hide) }),
    ...(config && { config: changeSecretsOfConfig(config, hide) }),
  };
}

const hide = () => '***';
