import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';

/** One change of a webhook, a token or the publisher registry: who made it, and what it was. Never changed itself. */
export interface AuditEntry {
  id: number;
  createdDate: Instant;
  /** Who: an account, or `cli`, `bootstrap` or `system` where no token did it. */
  account: string;
  accountId: number | null;
  tokenId: number | null;
  action: AuditAction;
  objectType: AuditObjectType;
  objectId: string;
  /** The account that the object belongs to. */
  ownerId: number;
  /** Before and after by field, secrets masked. */
  changes: Record<string, [before: unknown, after: unknown]>;
}

export const AUDIT_ACTIONS = ['create', 'update', 'delete', 'revive', 'disable', 'revoke'] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export const AUDIT_OBJECT_TYPES = [
  'webhook',
  'token',
  'publisher_app',
  'published_event',
  'subscription',
  'event_type',
  'resend_task',
] as const;
export type AuditObjectType = (typeof AUDIT_OBJECT_TYPES)[number];

export const auditEntryEntity = new EntitySchema<AuditEntry>({
  name: 'audit_entry',
  columns: {
    id: { type: 'bigint', primary: true, generated: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    account: { type: 'text' },
    accountId: { name: 'account_id', type: 'int', nullable: true },
    tokenId: { name: 'token_id', type: 'int', nullable: true },
    action: { type: 'text' },
    objectType: { name: 'object_type', type: 'text' },
    objectId: { name: 'object_id', type: 'text' },
    ownerId: { name: 'owner_id', type: 'int' },
    changes: { type: 'json' },
  },
});
