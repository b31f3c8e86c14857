import { randomUUID } from 'node:crypto';
import { isUniqueViolation, publisherAppEntity, type PublisherApp } from '@oms-webhooks/db';
import type { Caller } from '@oms-webhooks/http';
import type { DataSource, EntityManager } from 'typeorm';
import { parseAppId } from './app-json.ts';
import { refuse } from './refusals.ts';
import { recordAppChange } from './registry-audit.ts';
import { changeRegistry } from './registry-lock.ts';
import { settlePermissions } from './webhook-permissions.ts';

export interface AppBody {
  permissions: string[];
  name?: string;
}

/** Publisher apps: one of an account in each tenant. */
export class AppStore {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** The caller's own. Refuses when there is none. */
  find(caller: Caller, tenant: string): Promise<PublisherApp> {
    return ownApp(this.#orm.manager, caller, tenant);
  }

  /** Registers the caller's app, under the id that its token names, if it names one. */
  async create(caller: Caller, tenant: string, { permissions, name }: AppBody): Promise<PublisherApp> {
    const { accountId, account } = caller;
    const id = parseAppId(caller.app ?? '') ?? randomUUID();
    try {
      return await this.#orm.transaction(async (manager) => {
        const apps = manager.getRepository(publisherAppEntity);
        await apps.insert({
          id,
          accountId,
          tenant,
          name: name ?? account,
          permissions: distinct(permissions),
        });
        const after = await apps.findOneByOrFail({ id });
        await recordAppChange(manager, caller, id, { action: 'create', after });
        return after;
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const own = await this.#orm.manager.existsBy(publisherAppEntity, { accountId, tenant });
      throw own
        ? refuse('app exists', 'This account has an app configuration already; update it instead.')
        : refuse('app id taken', `The id ${caller.app} is in use.`);
    }
  }

  /** Changes the caller's own; subscribers that lack a permission now are suspended in the same commit. */
  change(caller: Caller, tenant: string, { permissions, name }: Partial<AppBody>): Promise<PublisherApp> {
    return this.#orm.transaction(async (manager) => {
      await changeRegistry(manager);
      const before = await ownApp(manager, caller, tenant);
      const { id } = before;
      await manager.update(
        publisherAppEntity,
        { id },
        {
          ...(permissions && { permissions: distinct(permissions) }),
          ...(name !== undefined && { name }),
          modifiedDate: () => 'now()',
        },
      );
      const after = await manager.findOneByOrFail(publisherAppEntity, { id });
      await recordAppChange(manager, caller, id, { action: 'update', before, after });
      if (permissions) await settlePermissions(manager, caller, { appId: id });
      return after;
    });
  }
}

/** The app that an account registers events with. */
export async function ownApp(
  manager: EntityManager,
  { accountId }: Caller,
  tenant: string,
): Promise<PublisherApp> {
  const app = await manager.findOneBy(publisherAppEntity, { accountId, tenant });
  return app ?? Promise.reject(refuse('no app', 'This account has no app configuration; create one first.'));
}

const distinct = (texts: readonly string[]) => [...new Set(texts)];
