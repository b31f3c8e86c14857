import { createHash, randomUUID } from 'node:crypto';
import {
  Batcher,
  findIdempotencyKey,
  insertWebhookEvents,
  isDatabaseAway,
  withPartitions,
  type InsertedWebhookEvent,
  type NewWebhookEvent,
} from '@oms-webhooks/db';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import type { Pool } from 'pg';
import type { DispatchRoad } from './dispatch-road.ts';

const BATCH_ITEMS = 500;
/** Two commits at once: while one waits for the disk, the next is made. */
const BATCHES_AT_ONCE = 2;

/** An event to be published to one webhook. */
export interface EventToPublish {
  webhookId: number;
  eventType: string;
  contentType: number;
  objectId: string;
  /** JSON source text; null when the resource is to be looked up. */
  payload: string | null;
  traceparent: string | null;
  /** Its webhook wants the events of one object one after the other. */
  ordered: boolean;
}

export interface Idempotency {
  accountId: number;
  key: string;
  /** SHA-256 of what the key stands for. */
  requestHash: Buffer;
}

/** An idempotency key was used before for another request. */
export class IdempotencyConflict extends Error {
  override name = 'IdempotencyConflict';
}

/**
 * Takes events into PostgreSQL, many publishers in one commit, and sends them on. When `publish` resolves, the event is
 * durable; that it also reaches a dispatcher soon is the road's work and nobody waits for it.
 */
export class EventIntake {
  readonly #pool: Pool;
  readonly #road: DispatchRoad;
  readonly #leaseSeconds: number;
  readonly #batcher: Batcher<NewWebhookEvent, Inserted>;
  readonly #onRoad = new Set<Promise<void>>();

  constructor({ pool, road, leaseSeconds }: { pool: Pool; road: DispatchRoad; leaseSeconds: number }) {
    this.#pool = pool;
    this.#road = road;
    this.#leaseSeconds = leaseSeconds;
    this.#batcher = new Batcher((events) => this.#commit(events), {
      maxItems: BATCH_ITEMS,
      concurrency: BATCHES_AT_ONCE,
    });
  }

  /**
   * @returns the uuid of the event, or of the one that the same idempotency key has published before
   * @throws IdempotencyConflict; database errors
   */
  async publish(event: EventToPublish, idempotency: Idempotency | null): Promise<string> {
    const uuid = randomUUID();
    const inserted = await this.#batcher.add({ ...event, uuid, idempotency });
    if (inserted instanceof Error) throw inserted;
    if (inserted !== 'key taken' || !idempotency) return uuid;
    const known = await findIdempotencyKey(this.#pool, idempotency.accountId, idempotency.key);
    if (!known?.requestHash.equals(idempotency.requestHash)) throw new IdempotencyConflict();
    return known.eventUuid;
  }

  /** Resolves when every event taken so far is committed and sent on. */
  async drained(): Promise<void> {
    await this.#batcher.drained();
    await Promise.all(this.#onRoad);
  }

  async #commit(events: NewWebhookEvent[]): Promise<Inserted[]> {
    const leaseSeconds = this.#road.carries() ? this.#leaseSeconds : 0;
    const results = new Map<string, InsertedWebhookEvent | Error>();
    for (const batch of withoutRepeatedKeys(events)) {
      for (const [uuid, result] of await this.#insert(batch, leaseSeconds)) results.set(uuid, result);
    }
    const sent = this.#road.take(
      events.flatMap((event) => {
        const row = results.get(event.uuid);
        return row && !(row instanceof Error) ? [toDispatchedEvent(event, row)] : [];
      }),
    );
    this.#onRoad.add(sent);
    void sent.finally(() => this.#onRoad.delete(sent));
    return events.map(({ uuid }) => results.get(uuid) ?? 'key taken');
  }

  /** One event that PostgreSQL refuses must not take the others of its batch with it. */
  async #insert(
    events: NewWebhookEvent[],
    leaseSeconds: number,
  ): Promise<[uuid: string, InsertedWebhookEvent | Error][]> {
    try {
      const rows = await withPartitions(this.#pool, () =>
        insertWebhookEvents(this.#pool, events, leaseSeconds),
      );
      return rows.map((row) => [row.uuid, row]);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      if (events.length === 1) return events.map(({ uuid }) => [uuid, error as Error]);
      const each = await Promise.all(events.map((event) => this.#insert([event], leaseSeconds)));
      return each.flat();
    }
  }
}

/** The row; or that its idempotency key was used before; or why PostgreSQL refused it. */
type Inserted = InsertedWebhookEvent | 'key taken' | Error;

/** The hash under which a request is remembered: the same key with other content is a conflict. */
export function requestHash(...parts: (string | number | null)[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** One statement cannot touch the same idempotency key twice: repetitions go in a statement after it. */
function withoutRepeatedKeys(events: NewWebhookEvent[]): NewWebhookEvent[][] {
  const seen = new Set<string>();
  const first: NewWebhookEvent[] = [];
  const repeated: NewWebhookEvent[] = [];
  for (const event of events) {
    const key = event.idempotency && `${event.idempotency.accountId} ${event.idempotency.key}`;
    if (key !== null && seen.has(key)) {
      repeated.push(event);
      continue;
    }
    if (key !== null) seen.add(key);
    first.push(event);
  }
  return repeated.length === 0 ? [first] : [first, ...withoutRepeatedKeys(repeated)];
}

function toDispatchedEvent(event: NewWebhookEvent, row: InsertedWebhookEvent): DispatchedEvent {
  return {
    id: row.id,
    createdDate: row.created_date,
    uuid: event.uuid,
    webhookId: event.webhookId,
    eventType: event.eventType,
    contentType: event.contentType,
    objectId: event.objectId,
    payload: event.payload,
    attempts: 0,
    cause: 'countdown',
    lease: row.next_attempt_at,
    traceparent: event.traceparent,
    ordered: event.ordered,
  };
}
