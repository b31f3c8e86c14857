import { randomBytes } from 'node:crypto';
import {
  accountEntity,
  isUniqueViolation,
  tokenEntity,
  type Account,
  type Role,
  type Token,
} from '@oms-webhooks/db';
import { formatInstant } from '@oms-webhooks/domain';
import { hashOfKey } from '@oms-webhooks/http';
import {
  IsNull,
  type DataSource,
  type EntityManager,
  type FindOptionsWhere,
  type QueryDeepPartialEntity,
} from 'typeorm';
import { BOOTSTRAP, recordChange, type Actor } from '../audit/record-change.ts';
import { changeRegistry } from '../publisher-registry/registry-lock.ts';
import { settlePermissions } from '../publisher-registry/webhook-permissions.ts';

export interface NewToken {
  account: string;
  superuser?: boolean;
  roles?: Role[];
  app?: string | null;
}

/** A token as the API shows it: never with its key. */
export interface ShownToken {
  id: number;
  account: string;
  superuser: boolean;
  roles: Role[];
  app: string | null;
  created_date: string;
  revoked_date: string | null;
}

/**
 * Creates, lists, changes and revokes tokens. A key is random, shown once, and kept as its SHA-256 hash only. What an
 * account may subscribe to follows from the roles of its tokens, in the same commit.
 */
export class TokenStore {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** @param key given for the bootstrap token only; otherwise a new one of 40 hexadecimal digits */
  create(
    by: Actor,
    { account, superuser = false, roles = [], app = null }: NewToken,
    key: string = randomBytes(20).toString('hex'),
  ): Promise<{ token: ShownToken; key: string }> {
    return this.#orm.transaction(async (manager) => {
      await changeRegistry(manager);
      const owner = await accountNamed(manager, account);
      const tokens = manager.getRepository(tokenEntity);
      const { id } = await tokens.save({ account: owner, keyHash: hashOfKey(key), superuser, roles, app });
      const token = await tokens.findOneOrFail({ where: { id }, relations: { account: true } });
      await recordTokenChange(manager, by, 'create', undefined, token);
      await settlePermissions(manager, by, { accountId: owner.id });
      return { token: shown(token), key };
    });
  }

  /** Tokens that are not revoked, newest first. */
  async list(page?: { offset: number; limit: number }): Promise<ShownToken[]> {
    const tokens = await this.#orm.getRepository(tokenEntity).find({
      relations: { account: true },
      where: { revokedDate: NOT_REVOKED },
      order: { id: 'DESC' },
      ...(page && { skip: page.offset, take: page.limit }),
    });
    return tokens.map(shown);
  }

  count(): Promise<number> {
    return this.#orm.getRepository(tokenEntity).countBy({ revokedDate: NOT_REVOKED });
  }

  /** Whether there is such a token, and it is not revoked. */
  isValid(id: number): Promise<boolean> {
    return this.#orm.getRepository(tokenEntity).existsBy({ id, revokedDate: NOT_REVOKED });
  }

  /** @returns undefined when there is no such token, or it is revoked */
  async changeRoles(by: Actor, id: number, roles: Role[]): Promise<ShownToken | undefined> {
    const changed = await this.#change(by, 'update', { id, revokedDate: NOT_REVOKED }, { roles });
    return changed && shown(changed);
  }

  /** @returns whether there was such a token */
  async revoke(by: Actor, id: number): Promise<boolean> {
    const revokedDate = () => 'now()';
    return (
      (await this.#change(by, 'revoke', { id, revokedDate: NOT_REVOKED }, { revokedDate })) !== undefined
    );
  }

  /** Has the key accepted, as a superuser's: what API_TOKEN asks for. A key that was revoked is accepted again. */
  async accept(key: string): Promise<void> {
    const keyHash = hashOfKey(key);
    const known = await this.#change(BOOTSTRAP, 'update', { keyHash }, { revokedDate: null });
    if (known) return;
    await this.create(BOOTSTRAP, { account: BOOTSTRAP_ACCOUNT, superuser: true }, key).catch(
      (error: unknown) => {
        // Another replica, started at the same moment, was first.
        if (!isUniqueViolation(error)) throw error;
      },
    );
  }

  #change(
    by: Actor,
    action: 'update' | 'revoke',
    where: FindOptionsWhere<Token>,
    columns: QueryDeepPartialEntity<Token>,
  ): Promise<Token | undefined> {
    return this.#orm.transaction(async (manager) => {
      await changeRegistry(manager);
      const tokens = manager.getRepository(tokenEntity);
      const before = await tokens.findOne({
        where,
        relations: { account: true },
        lock: { mode: 'pessimistic_write', tables: ['token'] },
      });
      if (!before) return undefined;
      const { id } = before;
      await tokens.update({ id }, columns);
      const after = await tokens.findOneOrFail({ where: { id }, relations: { account: true } });
      await recordTokenChange(manager, by, action, before, after);
      await settlePermissions(manager, by, { accountId: after.account.id });
      return after;
    });
  }
}

async function accountNamed(manager: EntityManager, name: string): Promise<Account> {
  const accounts = manager.getRepository(accountEntity);
  await accounts.createQueryBuilder().insert().values({ name }).orIgnore().execute();
  return accounts.findOneByOrFail({ name });
}

function recordTokenChange(
  manager: EntityManager,
  by: Actor,
  action: 'create' | 'update' | 'revoke',
  before: Token | undefined,
  after: Token,
): Promise<void> {
  return recordChange(manager, by, {
    action,
    objectType: 'token',
    objectId: after.id,
    ownerId: after.account.id,
    before: before ? audited(before) : {},
    after: audited(after),
  });
}

function audited(token: Token): Record<string, unknown> {
  const { account, superuser, roles, app, revoked_date } = shown(token);
  return { account, superuser, roles, app, revoked_date: revoked_date ?? undefined };
}

const BOOTSTRAP_ACCOUNT = 'admin';
const NOT_REVOKED = IsNull();

function shown({ id, account, superuser, roles, app, createdDate, revokedDate }: Token): ShownToken {
  return {
    id,
    account: account.name,
    superuser,
    roles,
    app,
    created_date: formatInstant(createdDate),
    revoked_date: revokedDate === null ? null : formatInstant(revokedDate),
  };
}
