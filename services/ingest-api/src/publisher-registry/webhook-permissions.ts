import { tokenEntity, type PublisherApp, type Role } from '@oms-webhooks/db';
import { missingPermissions } from '@oms-webhooks/domain';
import { IsNull, type EntityManager } from 'typeorm';
import { recordChange, type Actor } from '../audit/record-change.ts';
import { appIdJson } from './app-json.ts';

/** The roles of an account are those of its tokens that are not revoked. */
async function rolesOf(manager: EntityManager, accountId: number): Promise<Role[]> {
  const tokens = await manager.find(tokenEntity, {
    select: { id: true, roles: true },
    where: { account: { id: accountId }, revokedDate: IsNull() },
  });
  return tokens.flatMap(({ roles }) => roles);
}

/** What the account lacks to hear of the app's events. The registry must be relied on. */
export async function missingFor(
  manager: EntityManager,
  accountId: number,
  { permissions }: Pick<PublisherApp, 'permissions'>,
): Promise<string[]> {
  return missingPermissions(permissions, await rolesOf(manager, accountId));
}

/**
 * After a change of roles or of what an app asks for: deactivates the webhooks of published events whose accounts lack a
 * permission now, and activates those again that lacked one and nothing else. Their unfinished events are cancelled by the
 * trigger. The registry must be held alone.
 */
export async function settlePermissions(
  manager: EntityManager,
  by: Actor,
  changed: { accountId: number } | { appId: string },
): Promise<void> {
  const [accountId, appId] = 'appId' in changed ? [null, changed.appId] : [changed.accountId, null];
  const pairs = await manager.query<Pair[]>(subscribers, [accountId, appId]);
  for (const { account_id, ...app } of pairs) {
    const missing = await missingFor(manager, account_id, app);
    if (missing.length === 0) await resume(manager, by, account_id, app.id);
    else await manager.query(suspend, [account_id, app.id, reasonOf(app, missing)]);
  }
}

type Pair = Pick<PublisherApp, 'id' | 'name' | 'permissions'> & { account_id: number };

/** Plan: webhook_of_permissions by account, webhook_of_published_event by app. */
const subscribers = `
  SELECT p.account_id, a.id, a.name, a.permissions
    FROM (SELECT DISTINCT w.account_id, e.app_id
            FROM webhook w JOIN published_event e ON e.id = w.published_event_id
           WHERE (w.is_active OR w.permission_lost) AND w.deleted_date IS NULL
             AND ($1::int IS NULL OR w.account_id = $1) AND ($2::uuid IS NULL OR e.app_id = $2)) p
    JOIN publisher_app a ON a.id = p.app_id`;

const ofPair = `
  SELECT w.id FROM webhook w JOIN published_event e ON e.id = w.published_event_id
   WHERE w.account_id = $1 AND e.app_id = $2 AND w.deleted_date IS NULL`;

/** One that was deactivated for another reason stays as it is, and does not come back with the permission. */
const suspend = `
  UPDATE webhook SET is_active = false, permission_lost = true, disabled_reason = $3, modified_date = now()
   WHERE id IN (${ofPair} AND (w.is_active OR w.permission_lost AND w.disabled_reason <> $3)
                ORDER BY w.id FOR NO KEY UPDATE OF w)`;

const suspended = `${ofPair} AND w.permission_lost ORDER BY w.id FOR NO KEY UPDATE OF w`;

const activate = `
  UPDATE webhook w SET is_active = true, permission_lost = false, disabled_reason = NULL, modified_date = now()
    FROM webhook before
   WHERE w.id = ANY ($1) AND before.id = w.id
  RETURNING w.id, before.disabled_reason AS reason`;

async function resume(manager: EntityManager, by: Actor, accountId: number, appId: string): Promise<void> {
  const found = await manager.query<{ id: number }[]>(suspended, [accountId, appId]);
  const ids = found.map(({ id }) => id);
  if (ids.length === 0) return;
  const [resumed] = await manager.query<[{ id: number; reason: string }[]]>(activate, [ids]);
  for (const { id, reason } of resumed) {
    await recordChange(manager, by, {
      action: 'update',
      objectType: 'webhook',
      objectId: id,
      ownerId: accountId,
      before: { is_active: false, disabled_reason: reason },
      after: { is_active: true },
    });
  }
}

function reasonOf(app: Pair | Omit<Pair, 'account_id'>, missing: readonly string[]): string {
  return `The account has no role that holds every permission of ${app.name} (${appIdJson(app.id)}); missing: ${missing.join(', ')}.`;
}
