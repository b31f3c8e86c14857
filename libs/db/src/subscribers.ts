import type { Pool } from 'pg';
import { SharedReads } from './shared-reads.ts';
import {
  findSubscribersOfPublishedEvent,
  findSubscribersOfType,
  type Subscriber,
} from './sql/find-subscribers.ts';

type List = readonly Subscriber[];

/**
 * Who hears what, as PostgreSQL has it when it is asked: who is missing in a list misses the event for good, and a
 * notice of change may come later than the next event. Publishers of the same moment share a read.
 */
export class Subscribers {
  readonly #pool: Pool;
  readonly #reads = new SharedReads<List>();

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** The active webhooks of an event type, those of subscriptions excepted. */
  ofEventType(eventType: string): Promise<List> {
    return this.#reads.read(`type ${eventType}`, () => findSubscribersOfType(this.#pool, eventType));
  }

  /** The active webhooks of a published event. */
  ofPublishedEvent(id: number): Promise<List> {
    return this.#reads.read(`published ${id}`, () => findSubscribersOfPublishedEvent(this.#pool, id));
  }
}
