import { tokenEntity } from '@oms-webhooks/db';
import type { Caller } from '@oms-webhooks/http';
import type { DataSource } from 'typeorm';

/** Age at which a caller is read again, should a notice of change have been lost. */
const MAX_AGE_MS = 10_000;
/** Bound of the memory: more tokens than this at once are simply read again. */
const MAX_ENTRIES = 10_000;

/** Callers by the hash of their key. A revoked token is forgotten by notice at once. */
export class CallerCache {
  readonly #orm: DataSource;
  readonly #entries = new Map<string, { caller: Promise<Caller | undefined>; readAt: number }>();

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** The look-up is by hash, so how long it takes says nothing about the key. */
  find(keyHash: Buffer): Promise<Caller | undefined> {
    const hash = keyHash.toString('base64');
    const entry = this.#entries.get(hash);
    if (entry && performance.now() - entry.readAt < MAX_AGE_MS) return entry.caller;
    if (this.#entries.size >= MAX_ENTRIES) this.#entries.clear();
    const caller = this.#read(keyHash);
    this.#entries.set(hash, { caller, readAt: performance.now() });
    const forget = () => this.#entries.delete(hash);
    caller.then((found) => found ?? forget(), forget);
    return caller;
  }

  /** Takes a notice of change, `token:12`. */
  changed(notice: string): void {
    if (notice.startsWith('token:')) this.#entries.clear();
  }

  clear(): void {
    this.#entries.clear();
  }

  async #read(keyHash: Buffer): Promise<Caller | undefined> {
    const token = await this.#orm.getRepository(tokenEntity).findOne({
      where: { keyHash },
      relations: { account: true },
    });
    if (!token || token.revokedDate !== null) return undefined;
    const { id, account, superuser, roles, app } = token;
    return { tokenId: id, accountId: account.id, account: account.name, superuser, roles, app };
  }
}
