import { auditEntryEntity, type AuditAction, type AuditEntry, type AuditObjectType } from '@oms-webhooks/db';
import type { EntityManager } from 'typeorm';

/** Who makes a change: a caller, or something that acts without a token. */
export interface Actor {
  account: string;
  accountId: number | null;
  tokenId: number | null;
}

/** Somebody at the command line. */
export const CLI: Actor = { account: 'cli', accountId: null, tokenId: null };
/** The settings that a process was started with. */
export const BOOTSTRAP: Actor = { account: 'bootstrap', accountId: null, tokenId: null };

/** The fields of an object as the API names them; none before it was created. */
type Fields = Record<string, unknown>;

export interface Change {
  action: AuditAction;
  objectType: AuditObjectType;
  objectId: number | string;
  /** The account that the object belongs to. */
  ownerId: number;
  before: Fields;
  after: Fields;
  /** Hides what is secret: that it changed is told, not what it is. */
  mask?: (fields: Fields) => Fields;
}

/** Writes the audit entry of a change within its transaction; one that changes nothing leaves none. */
export async function recordChange(manager: EntityManager, by: Actor, change: Change): Promise<void> {
  const { action, objectType, objectId, ownerId, before, after, mask = (fields) => fields } = change;
  const names = Object.keys({ ...before, ...after }).filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]),
  );
  if (names.length === 0) return;
  const [shownBefore, shownAfter] = [mask(before), mask(after)];
  const changes: AuditEntry['changes'] = {};
  for (const name of names) changes[name] = [shownBefore[name] ?? null, shownAfter[name] ?? null];
  const entry: Omit<AuditEntry, 'id' | 'createdDate'> = {
    account: by.account,
    accountId: by.accountId,
    tokenId: by.tokenId,
    action,
    objectType,
    objectId: String(objectId),
    ownerId,
    changes,
  };
  await manager.insert(auditEntryEntity, entry as object);
}
