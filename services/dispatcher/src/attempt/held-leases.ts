import { Batcher, claimLeasedEvents } from '@oms-webhooks/db';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';

/**
 * Renews leases of events that are held here. The lease in a message is known to whoever reads it, so the partition's
 * next owner may claim the event by it; a renewed one is known to this process alone. One statement at a time: two
 * that name the same lease would have one of them fail, and its event be taken for lost.
 */
export class HeldLeases {
  readonly #options: { pool: Pool; leaseSeconds: number; log: Log };
  readonly #reclaims: Batcher<DispatchedEvent, boolean>;
  #underway: Promise<unknown> = Promise.resolve();

  constructor(options: { pool: Pool; leaseSeconds: number; log: Log }) {
    this.#options = options;
    this.#reclaims = new Batcher((events) => this.#reclaim(events), { maxItems: 500, concurrency: 1 });
  }

  /** Resolves when what was begun before has ended: until then the lease of a row may not be the one in `event.lease`. */
  async settled(): Promise<void> {
    await this.#underway;
  }

  /** Renews what is held, so that nobody can claim it by the lease in its message. */
  extend(events: DispatchedEvent[]): void {
    if (events.length === 0) return;
    const { log } = this.#options;
    const renew = () => this.#renew(events);
    this.#underway = this.#underway
      .then(renew)
      .catch(renew)
      .catch((error: unknown) =>
        log.warn('leases could not be extended; their events may be sent twice', {
          events: events.length,
          error,
        }),
      );
  }

  /** Whether an event that others may have claimed is ours all the same; if so, it is now ours for a whole lease. */
  async reclaim(event: DispatchedEvent): Promise<boolean> {
    const { lease } = event;
    await this.#underway;
    return event.lease !== lease || this.#reclaims.add(event);
  }

  async #reclaim(events: DispatchedEvent[]): Promise<boolean[]> {
    const leases = events.map(({ lease }) => lease);
    const renewed = this.#underway.then(() => this.#renew(events));
    this.#underway = renewed.catch(() => undefined);
    await renewed;
    return events.map(({ lease }, index) => lease !== leases[index]);
  }

  #renew(events: DispatchedEvent[]): Promise<unknown> {
    const { pool, leaseSeconds } = this.#options;
    return claimLeasedEvents(pool, events, leaseSeconds);
  }
}
