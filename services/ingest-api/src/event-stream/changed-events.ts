import { settledInstant, type WebhookEventRow } from '@oms-webhooks/db';
import { formatInstant, type Instant } from '@oms-webhooks/domain';
import type { Pool } from 'pg';
import type { EventQuery } from '../webhook-events/event-filters.ts';

/** Events read at once. */
const PAGE = 100;

/** An event that has changed. */
export interface Change {
  event: WebhookEventRow;
  /** Everything that changed before this has been told. */
  position: Instant;
}

interface Found {
  id: number;
  modified: Instant;
}

/**
 * The events of a query that change, one after the other. Rows become visible in another order than they are dated, so
 * what is not settled yet is read again each time; what has been told of it is remembered, and not told again.
 */
export class ChangedEvents {
  readonly #pool: Pool;
  readonly #query: EventQuery;
  #position: Instant;
  /** When each event was modified that has been told, since the position. */
  #told = new Map<number, Instant>();

  /** @param query the events that are followed; it stays as it is */
  constructor(pool: Pool, query: EventQuery, since: Instant) {
    this.#pool = pool;
    this.#query = query;
    this.#position = since;
  }

  /** Where to begin after what has been told: everything that changed before has been. */
  get position(): Instant {
    return this.#position;
  }

  /** What has changed since it was asked for last; an event that changed several times comes once, as it is now. */
  async *next(): AsyncGenerator<Change> {
    const settled = await settledInstant(this.#pool);
    let from: Found = { id: 0, modified: this.#position };
    for (let isLast = false; !isLast;) {
      const page = await this.#modifiedAfter(from);
      isLast = page.length < PAGE;
      from = page.at(-1) ?? from;
      for (const event of await this.#load(
        page.filter(({ id, modified }) => this.#told.get(id) !== modified),
      )) {
        this.#told.set(event.id, event.modifiedDate);
        yield { event, position: Math.min(event.modifiedDate, settled) };
      }
      this.#advance(isLast ? settled : Math.min(from.modified, settled));
    }
  }

  #advance(position: Instant): void {
    this.#position = Math.max(this.#position, position);
    for (const [id, modified] of this.#told) if (modified < this.#position) this.#told.delete(id);
  }

  /** Plan: webhook_event_modified of each partition, merged. */
  #modifiedAfter({ id, modified }: Found): Promise<Found[]> {
    return this.#query
      .clone()
      .select('e.id', 'id')
      .addSelect('e.modified_date', 'modified')
      .andWhere('e.modified_date >= :modified', { modified: formatInstant(modified) })
      .andWhere('(e.modified_date, e.id) > (:modified, :id)', { id })
      .orderBy('e.modified_date')
      .addOrderBy('e.id')
      .limit(PAGE)
      .getRawMany<Found>();
  }

  /** Whole, as they are now. */
  async #load(found: Found[]): Promise<WebhookEventRow[]> {
    if (found.length === 0) return [];
    return this.#query
      .clone()
      .andWhere('e.id IN (:...ids)', { ids: found.map(({ id }) => id) })
      .orderBy('e.modifiedDate')
      .addOrderBy('e.id')
      .getMany();
  }
}
