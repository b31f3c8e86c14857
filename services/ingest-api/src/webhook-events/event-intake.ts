import { randomUUID } from 'node:crypto';
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
import type { Tracing } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { IngestMetrics } from '../metrics.ts';
import type { DispatchRoad } from './dispatch-road.ts';
import {
  IdempotencyConflict,
  newWebhookEvent,
  weightOfPublication,
  withFirstOfKey,
  type EventToPublish,
  type Idempotency,
  type Publication,
  type PublishedEvent,
} from './publication.ts';
import { traceCommit } from './trace-batch.ts';

const BATCH_PUBLICATIONS = 500;
/** Two commits at once: while one waits for the disk, the next is made. */
const BATCHES_AT_ONCE = 2;

export interface EventIntakeOptions {
  pool: Pool;
  road: DispatchRoad;
  leaseSeconds: number;
  metrics?: Pick<IngestMetrics, 'committed'>;
  tracing?: Tracing | undefined;
}

/**
 * Takes events into PostgreSQL, many publishers in one commit, and sends them on. When `publish` resolves, the event is
 * durable; that it also reaches a dispatcher soon is the road's work and nobody waits for it.
 */
export class EventIntake {
  readonly #pool: Pool;
  readonly #road: DispatchRoad;
  readonly #leaseSeconds: number;
  readonly #metrics: EventIntakeOptions['metrics'];
  readonly #tracing: EventIntakeOptions['tracing'];
  readonly #batcher: Batcher<Publication, Taken>;
  readonly #onRoad = new Set<Promise<void>>();

  constructor({ pool, road, leaseSeconds, metrics, tracing }: EventIntakeOptions) {
    this.#pool = pool;
    this.#road = road;
    this.#leaseSeconds = leaseSeconds;
    this.#metrics = metrics;
    this.#tracing = tracing;
    this.#batcher = new Batcher((publications) => this.#commit(publications), {
      maxItems: BATCH_PUBLICATIONS,
      concurrency: BATCHES_AT_ONCE,
      weightOf: weightOfPublication,
    });
  }

  /**
   * Publishes one event to one webhook.
   * @returns the uuid of the event, or of the one that the same idempotency key has published before
   * @throws IdempotencyConflict; database errors
   */
  async publish(event: EventToPublish, idempotency: Idempotency | null): Promise<string> {
    const uuid = randomUUID();
    const key = idempotency && { ...idempotency, answer: null };
    const known = await this.#take({ events: [newWebhookEvent(event, uuid, key)], idempotency: key });
    return known?.eventUuid ?? uuid;
  }

  /**
   * Publishes one thing that happened to every webhook that hears it, which may be none: all of its events or, where it
   * throws, none.
   * @returns the events in the order given, or those that the same idempotency key has published before
   * @throws IdempotencyConflict; database errors
   */
  async publishAll(
    events: readonly EventToPublish[],
    idempotency: Idempotency | null,
  ): Promise<PublishedEvent[]> {
    const published = events.map(({ webhookId }) => ({ uuid: randomUUID(), webhookId }));
    if (published.length === 0 && !idempotency) return published;
    const key = idempotency && { ...idempotency, answer: JSON.stringify(published) };
    const known = await this.#take({
      events: events.map((event, place) =>
        newWebhookEvent(event, (published[place] as PublishedEvent).uuid, key),
      ),
      idempotency: key,
    });
    return known?.answer ? (JSON.parse(known.answer) as PublishedEvent[]) : published;
  }

  /** Resolves when every event taken so far is committed and sent on. */
  async drained(): Promise<void> {
    await this.#batcher.drained();
    await Promise.all(this.#onRoad);
  }

  /** @returns what is known under its key, where that was used before */
  async #take(publication: Publication) {
    const taken = await this.#batcher.add(publication);
    if (taken instanceof Error) throw taken;
    const { idempotency } = publication;
    if (taken === 'inserted' || !idempotency) return undefined;
    const known = await findIdempotencyKey(this.#pool, idempotency.accountId, idempotency.key);
    if (!known?.requestHash.equals(idempotency.requestHash)) throw new IdempotencyConflict();
    return known;
  }

  async #commit(publications: Publication[]): Promise<Taken[]> {
    const startedAt = performance.now();
    const leaseSeconds = this.#road.carries() ? this.#leaseSeconds : 0;
    const rows = new Map<string, InsertedWebhookEvent>();
    const refused = new Map<Publication, Error>();
    // One statement cannot touch the same key twice. A repetition needs none at all, unless the first was refused.
    for (let batch = withFirstOfKey(publications); batch.length > 0;) {
      const firsts = batch.flatMap(([publication, first]) => (first ? [] : [publication]));
      await this.#insert(firsts, leaseSeconds, rows, refused);
      const again = batch.filter(([, first]) => first && refused.has(first));
      batch = withFirstOfKey(again.map(([publication]) => publication));
    }
    const inserted = publications.flatMap(({ events }) => events).filter(({ uuid }) => rows.has(uuid));
    this.#metrics?.committed(inserted.length, performance.now() - startedAt);
    if (this.#tracing) traceCommit(this.#tracing, inserted, performance.timeOrigin + startedAt);
    const sent = this.#road.take(
      inserted.map((event) => toDispatchedEvent(event, rows.get(event.uuid) as InsertedWebhookEvent)),
    );
    this.#onRoad.add(sent);
    void sent.finally(() => this.#onRoad.delete(sent));
    return publications.map((publication) => {
      const [first] = publication.events;
      return refused.get(publication) ?? (first && rows.has(first.uuid) ? 'inserted' : 'key taken');
    });
  }

  /** One publication that PostgreSQL refuses must not take the others of its batch with it. */
  async #insert(
    publications: Publication[],
    leaseSeconds: number,
    rows: Map<string, InsertedWebhookEvent>,
    refused: Map<Publication, Error>,
  ): Promise<void> {
    const events = publications.flatMap((publication) => publication.events);
    const keysAlone = publications.flatMap(({ events: { length }, idempotency }) =>
      length === 0 && idempotency ? [idempotency] : [],
    );
    try {
      const inserted = await withPartitions(this.#pool, () =>
        insertWebhookEvents(this.#pool, events, leaseSeconds, keysAlone),
      );
      for (const row of inserted) rows.set(row.uuid, row);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      const [publication, ...others] = publications;
      if (publication && others.length === 0) refused.set(publication, error as Error);
      else await Promise.all(publications.map((one) => this.#insert([one], leaseSeconds, rows, refused)));
    }
  }
}

/**
 * A publication without events is `key taken` even where it took the key itself: to read the key then answers
 * what it has just written, and spares the statement telling the two apart.
 */
type Taken = 'inserted' | 'key taken' | Error;

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
    lookupPath: event.lookupPath,
    attempts: 0,
    cause: 'countdown',
    lease: row.next_attempt_at,
    traceparent: event.traceparent,
    ordered: event.ordered,
  };
}
