import type { DataSource } from 'typeorm';
import type { Webhook } from '@oms-webhooks/domain';
import { webhookEntity } from './entities/webhook.ts';

/** Age at which an entry is read again, should a notice of change have been lost. */
const MAX_AGE_MS = 30_000;
/** PostgreSQL's largest `int`: a larger id names nothing, and as a parameter it would be an error. */
const LARGEST_INT = 2 ** 31 - 1;

/** Webhooks by id, kept in memory: invalidated by notice (`listener.ts`), and by age should that be lost. */
export class WebhookCache {
  readonly #orm: DataSource;
  readonly #now: () => number;
  readonly #entries = new Map<number, { webhook: Promise<Webhook | undefined>; readAt: number }>();

  /** @param now milliseconds, any origin */
  constructor(orm: DataSource, now: () => number = () => performance.now()) {
    this.#orm = orm;
    this.#now = now;
  }

  /** The webhook as it is stored, inactive ones included; undefined when there is none. */
  get(id: number): Promise<Webhook | undefined> {
    if (Math.abs(id) > LARGEST_INT) return Promise.resolve(undefined);
    const entry = this.#entries.get(id);
    if (entry && this.#now() - entry.readAt < MAX_AGE_MS) return entry.webhook;
    return this.#read(id);
  }

  /** Takes a notice of change, `webhook:12`. */
  changed(notice: string): void {
    const [table, id] = notice.split(':');
    if (table === 'webhook') this.#entries.delete(Number(id));
  }

  clear(): void {
    this.#entries.clear();
  }

  #read(id: number): Promise<Webhook | undefined> {
    const webhook = this.#orm
      .getRepository(webhookEntity)
      .findOneBy({ id })
      .then((row) => row ?? undefined);
    const entry = { webhook, readAt: this.#now() };
    this.#entries.set(id, entry);
    // A webhook that is not there is not remembered: it may be created through another replica at any moment.
    const forget = () => {
      if (this.#entries.get(id) === entry) this.#entries.delete(id);
    };
    webhook.then((found) => found ?? forget(), forget);
    return webhook;
  }
}
