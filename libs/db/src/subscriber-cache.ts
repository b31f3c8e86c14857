import type { Pool } from 'pg';
import { SharedReads } from './shared-reads.ts';
import {
  findSubscribersOfPublishedEvent,
  findSubscribersOfType,
  type Subscriber,
} from './sql/find-subscribers.ts';

/**
 * Age at which a list is read again, should a notice of change have been lost. Shorter than for single webhooks: who is
 * missing in a list misses events for good.
 */
const MAX_AGE_MS = 2000;
/** Bounds of the memory; beyond them everything is simply read again. */
const MAX_LISTS = 2000;
const MAX_SUBSCRIBERS = 200_000;

type List = readonly Subscriber[];

/**
 * Who hears what, kept in memory: the active webhooks by event type and by published event. Invalidated by notice
 * (`listener.ts`). That nobody hears it is never remembered: a webhook may have been created through another replica just now.
 */
export class SubscriberCache {
  readonly #pool: Pool;
  readonly #now: () => number;
  readonly #lists = new Map<string, { list: List; readAt: number }>();
  readonly #reads = new SharedReads<List>();
  #subscribers = 0;
  /** Counts the notices: a list that was being read meanwhile is not kept. */
  #changes = 0;

  /** @param now milliseconds, any origin */
  constructor(pool: Pool, now: () => number = () => performance.now()) {
    this.#pool = pool;
    this.#now = now;
  }

  /** The active webhooks of an event type, those of subscriptions excepted. */
  ofEventType(eventType: string): Promise<List> {
    return this.#of(`type ${eventType}`, () => findSubscribersOfType(this.#pool, eventType));
  }

  /** The active webhooks of a published event. */
  ofPublishedEvent(id: number): Promise<List> {
    return this.#of(`published ${id}`, () => findSubscribersOfPublishedEvent(this.#pool, id));
  }

  /** Takes a notice of change, `webhook:12`. */
  changed(notice: string): void {
    if (notice.startsWith('webhook:')) this.clear();
  }

  clear(): void {
    this.#changes += 1;
    this.#subscribers = 0;
    this.#lists.clear();
  }

  #of(key: string, find: () => Promise<List>): Promise<List> {
    const known = this.#lists.get(key);
    if (known && this.#now() - known.readAt < MAX_AGE_MS) return Promise.resolve(known.list);
    return this.#reads.read(key, () => this.#read(key, find));
  }

  async #read(key: string, find: () => Promise<List>): Promise<List> {
    const changes = this.#changes;
    const readAt = this.#now();
    const list = await find();
    if (list.length > 0 && changes === this.#changes) this.#keep(key, { list, readAt });
    return list;
  }

  #keep(key: string, entry: { list: List; readAt: number }): void {
    this.#subscribers += entry.list.length - (this.#lists.get(key)?.list.length ?? 0);
    this.#lists.set(key, entry);
    if (this.#lists.size > MAX_LISTS || this.#subscribers > MAX_SUBSCRIBERS) this.clear();
  }
}
