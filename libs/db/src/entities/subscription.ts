import { EntitySchema, type ValueTransformer } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';
import { changeSecret } from '../secrets-of-webhook.ts';
import { secretsOf, type Secrets } from '../secrets.ts';
import type { RegistryTopic } from './published-event.ts';

/** An account's interest in events of one publisher app: a webhook for each of them, and what these have in common. */
export interface Subscription {
  id: string;
  accountId: number;
  tenant: string;
  appId: string;
  topic: RegistryTopic;
  description: string;
  targetUrl: string;
  signatureKey: string | null;
  /** What its owner wants; whether a webhook of it is active depends on more. */
  isActive: boolean;
  customAttr: boolean;
  createdDate: Instant;
  modifiedDate: Instant;
  deletedDate: Instant | null;
}

/** Sealed as the secrets of webhooks are. */
export function subscriptionEntityWith({ seal, open }: Secrets): EntitySchema<Subscription> {
  const secret: ValueTransformer = {
    to: (value?: string | null) => changeSecret(value, seal),
    from: (value?: string | null) => changeSecret(value, open),
  };
  return new EntitySchema<Subscription>({
    name: 'subscription',
    columns: {
      id: { type: 'uuid', primary: true },
      accountId: { name: 'account_id', type: 'int' },
      tenant: { type: 'text', default: '' },
      appId: { name: 'app_id', type: 'uuid' },
      topic: { type: 'text' },
      description: { type: 'text', default: '' },
      targetUrl: { name: 'target_url', type: 'varchar', length: 255 },
      signatureKey: { name: 'signature_key', type: 'text', nullable: true, transformer: secret },
      isActive: { name: 'is_active', type: 'boolean', default: true },
      customAttr: { name: 'custom_attr', type: 'boolean', default: false },
      createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
      modifiedDate: { name: 'modified_date', type: 'timestamptz', default: () => 'now()' },
      deletedDate: { name: 'deleted_date', type: 'timestamptz', nullable: true },
    },
  });
}

/** Names the entity in queries; TypeORM finds the one that the database was opened with by its name. */
export const subscriptionEntity = subscriptionEntityWith(secretsOf(undefined));
