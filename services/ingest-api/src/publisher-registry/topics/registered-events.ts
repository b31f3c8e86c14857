import { findPublishedEvents, SharedReads, type RegistryTopic } from '@oms-webhooks/db';
import { FilterLogic, FilterLogicError } from '@oms-webhooks/domain';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';

/** A published event, ready to be tried on messages. */
export interface RegisteredEvent {
  id: number;
  name: string;
  tenant: string;
  /** Null: every message of its type. */
  logic: FilterLogic | null;
  getApiPath: string | null;
}

type List = readonly RegisteredEvent[];

/** Age at which a list is read again, should a notice of change have been lost. */
const MAX_AGE_MS = 2000;
/** Bound of the memory; beyond it everything is simply read again. */
const MAX_LISTS = 2000;
const LONGEST_TYPE = 124;

/**
 * The published events of all tenants by the messages that they are tried on, kept in memory and invalidated by notice.
 * That there is none is never remembered: one may have been registered through another replica just now.
 */
export class RegisteredEvents {
  readonly #pool: Pool;
  readonly #log: Log;
  readonly #now: () => number;
  readonly #lists = new Map<string, { list: List; readAt: number }>();
  readonly #reads = new SharedReads<List>();
  /** Counts the notices: a list that was being read meanwhile is not kept. */
  #changes = 0;

  /** @param now milliseconds, any origin */
  constructor(pool: Pool, log: Log, now: () => number = () => performance.now()) {
    this.#pool = pool;
    this.#log = log;
    this.#now = now;
  }

  of(topic: RegistryTopic, eventType: string): Promise<List> {
    // None can be registered, and PostgreSQL's texts hold no NUL.
    if (eventType.length > LONGEST_TYPE || eventType.includes('\0')) return Promise.resolve([]);
    const key = `${topic} ${eventType}`;
    const known = this.#lists.get(key);
    if (known && this.#now() - known.readAt < MAX_AGE_MS) return Promise.resolve(known.list);
    return this.#reads.read(key, () => this.#read(key, topic, eventType));
  }

  /** Takes a notice of change, `published_event:12` or `publisher_app:…`. */
  changed(notice: string): void {
    if (/^(published_event|publisher_app):/.test(notice)) this.clear();
  }

  clear(): void {
    this.#changes += 1;
    this.#lists.clear();
  }

  async #read(key: string, topic: RegistryTopic, eventType: string): Promise<List> {
    const changes = this.#changes;
    const readAt = this.#now();
    const rows = await findPublishedEvents(this.#pool, topic, eventType);
    const list = rows.flatMap(({ filterLogic, ...event }) => {
      const logic = this.#parsed(event.id, filterLogic);
      return logic === undefined ? [] : [{ ...event, logic }];
    });
    if (list.length > 0 && changes === this.#changes) {
      if (this.#lists.size >= MAX_LISTS) this.#lists.clear();
      this.#lists.set(key, { list, readAt });
    }
    return list;
  }

  /** Undefined for one that a former version took and this one does not: it lets nothing through. */
  #parsed(id: number, source: unknown): FilterLogic | null | undefined {
    try {
      return source === null ? null : new FilterLogic(source);
    } catch (error) {
      if (!(error instanceof FilterLogicError)) throw error;
      this.#log.error('the filter logic of a published event cannot be read', { published_event: id, error });
      return undefined;
    }
  }
}
