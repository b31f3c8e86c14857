import { EntitySchema, type ValueTransformer } from 'typeorm';
import type { Instant, Webhook, WebhookConfig } from '@oms-webhooks/domain';
import { changeSecret, changeSecretsOfConfig, changeSecretsOfHeaders } from '../secrets-of-webhook.ts';
import { secretsOf, type Secrets } from '../secrets.ts';

export interface WebhookRow extends Webhook {
  deletedDate: Instant | null;
  /** Inactive because its account lacks what the publisher app asks for, and for nothing else. */
  permissionLost: boolean;
}

/** Secrets are sealed as they are written and opened as they are read: nobody else knows that they are encrypted. */
export function webhookEntityWith({ seal, open }: Secrets): EntitySchema<WebhookRow> {
  const secret: ValueTransformer = {
    to: (value?: string | null) => changeSecret(value, seal),
    from: (value?: string | null) => changeSecret(value, open),
  };
  const headers: ValueTransformer = {
    to: (value?: Record<string, string>) => value && changeSecretsOfHeaders(value, seal),
    from: (value?: Record<string, string>) => value && changeSecretsOfHeaders(value, open),
  };
  const config: ValueTransformer = {
    to: (value?: WebhookConfig) => value && changeSecretsOfConfig(value, seal),
    from: (value?: WebhookConfig) => value && changeSecretsOfConfig(value, open),
  };
  return new EntitySchema<WebhookRow>({
    name: 'webhook',
    columns: {
      id: { type: 'int', primary: true, generated: true },
      accountId: { name: 'account_id', type: 'int' },
      targetUrl: { name: 'target_url', type: 'varchar', length: 255 },
      isActive: { name: 'is_active', type: 'boolean', default: true },
      secretKey: { name: 'secret_key', type: 'text', nullable: true, transformer: secret },
      previousSecretKey: { name: 'previous_secret_key', type: 'text', nullable: true, transformer: secret },
      previousSecretUntil: { name: 'previous_secret_until', type: 'timestamptz', nullable: true },
      eventType: { name: 'event_type', type: 'varchar', length: 124 },
      callback: { type: 'varchar', length: 64, nullable: true },
      retryCountdownConfig: { name: 'retry_countdown_config', type: 'json' },
      additionalHeaders: { name: 'additional_headers', type: 'json', default: {}, transformer: headers },
      config: { type: 'json', default: {}, transformer: config },
      disabledReason: { name: 'disabled_reason', type: 'text', nullable: true },
      subscriptionId: { name: 'subscription_id', type: 'uuid', nullable: true },
      publishedEventId: { name: 'published_event_id', type: 'int', nullable: true },
      customAttributes: { name: 'custom_attributes', type: 'boolean', default: true },
      permissionLost: { name: 'permission_lost', type: 'boolean', default: false },
      createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
      modifiedDate: { name: 'modified_date', type: 'timestamptz', default: () => 'now()' },
      deletedDate: { name: 'deleted_date', type: 'timestamptz', nullable: true },
    },
  });
}

/** Names the entity in queries; TypeORM finds the one that the database was opened with by its name. */
export const webhookEntity = webhookEntityWith(secretsOf(undefined));
