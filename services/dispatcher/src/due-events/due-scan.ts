import {
  claimDueEvents,
  claimOrderedEvents,
  isDatabaseAway,
  scannedWebhooks,
  type LaneRoom,
  type ScannedWebhook,
} from '@oms-webhooks/db';
import type { DispatchedEvent, Instant } from '@oms-webhooks/domain';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { Lanes } from '../lanes/lanes.ts';

/** How often all webhooks are looked at, should every notice be lost. */
const SWEEP_MS = 1000;
/** How often the webhooks are read again, should a notice of change be lost. */
const WEBHOOKS_AGE_MS = 30_000;
/** Webhooks looked at in one statement. */
const WEBHOOKS_A_SCAN = 1000;
/** After PostgreSQL was away: outcomes that were kept meanwhile are recorded before their events can be claimed. */
const HEAD_START_MS = 2000;

export interface DueScanOptions {
  pool: Pool;
  lanes: Lanes;
  /** How many share each webhook's rate limit. */
  dispatchers: () => number;
  leaseSeconds: number;
  now: () => Instant;
  log: Log;
}

/**
 * Finds due events: retries whose countdown is over, resends, what a crashed process had leased, what a broker lost,
 * and without a broker every event. Each webhook is looked at once a second, and at once when there is a reason to:
 * a notice, a countdown that this process knows to be over, a lane that has room again.
 */
export class DueScan implements Worker {
  readonly name = 'due-scan';
  readonly #options: DueScanOptions;
  #webhooks = new Map<number, ScannedWebhook>();
  #webhooksReadAt = -Infinity;
  #woken = new Set<number>();
  /** When each webhook's next known countdown ends. */
  readonly #expected = new Map<number, Instant>();
  #wake = new AbortController();
  /** When all webhooks were looked at last. */
  #swept = -Infinity;

  constructor(options: DueScanOptions) {
    this.#options = options;
  }

  /** Has due events of these webhooks looked for at once. */
  wake(webhookIds: Iterable<number>): void {
    for (const id of webhookIds) this.#woken.add(id);
    this.#wake.abort();
  }

  /** Has a webhook looked at when an instant has come. Losing this costs a second at most. */
  expect(webhookId: number, instant: Instant): void {
    const known = this.#expected.get(webhookId);
    if (known !== undefined && known <= instant) return;
    this.#expected.set(webhookId, instant);
    if (instant - this.#options.now() < SWEEP_MS * 1000) this.#wake.abort();
  }

  /**
   * Webhooks were created, changed or deleted, or are shared with more or fewer dispatchers. They are read at once: until
   * then a lane keeps to no rate limit, or to the one before.
   */
  webhooksChanged(): void {
    this.#webhooksReadAt = -Infinity;
    this.#wake.abort();
  }

  /** Notices may have been missed: has all webhooks looked at, at once. */
  sweep(): void {
    this.#webhooksReadAt = -Infinity;
    this.#swept = -Infinity;
    this.#wake.abort();
  }

  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#wake.abort(), { once: true });
    while (!signal.aborted) {
      this.#wake = new AbortController();
      try {
        await this.#knowWebhooks();
        if (performance.now() - this.#swept >= SWEEP_MS) {
          this.#swept = performance.now();
          await this.#scan(fromAnywhere([...this.#webhooks.keys()]));
        }
        const woken = this.#dueNow();
        if (woken.length > 0) await this.#scan(woken);
      } catch (error) {
        // Anything else is a fault that waiting does not mend: readiness turns red, and the log says what it is.
        if (!isDatabaseAway(error)) throw error;
        this.#options.log.warn('the due-scan cannot reach PostgreSQL, trying again', { error });
        await pause(HEAD_START_MS, signal);
        this.#swept = -Infinity;
        continue;
      }
      const wait = Math.min(SWEEP_MS - (performance.now() - this.#swept), this.#nextExpectedMs());
      if (this.#woken.size === 0) await pause(Math.max(1, wait), this.#wake.signal);
    }
  }

  async #knowWebhooks(): Promise<void> {
    if (performance.now() - this.#webhooksReadAt < WEBHOOKS_AGE_MS) return;
    this.#webhooksReadAt = performance.now();
    try {
      const webhooks = await scannedWebhooks(this.#options.pool);
      this.#webhooks = new Map(webhooks.map((webhook) => [webhook.id, webhook]));
      const { lanes, dispatchers } = this.#options;
      for (const { id, accountId, rateLimit } of webhooks)
        lanes.follow(id, { accountId, rateLimit: rateLimit === null ? null : rateLimit / dispatchers() });
    } catch (error) {
      this.#webhooksReadAt = -Infinity;
      throw error;
    }
  }

  #dueNow(): number[] {
    const now = this.#options.now();
    for (const [id, instant] of this.#expected) {
      if (instant > now) continue;
      this.#expected.delete(id);
      this.#woken.add(id);
    }
    const due = [...this.#woken];
    this.#woken.clear();
    return due;
  }

  #nextExpectedMs(): number {
    let next = Infinity;
    for (const instant of this.#expected.values()) next = Math.min(next, instant);
    return Math.ceil((next - this.#options.now()) / 1000);
  }

  async #scan(webhookIds: number[]): Promise<void> {
    const { lanes } = this.#options;
    for (let from = 0; from < webhookIds.length; from += WEBHOOKS_A_SCAN) {
      const rooms = lanes.claim(webhookIds.slice(from, from + WEBHOOKS_A_SCAN));
      let events: DispatchedEvent[] = [];
      try {
        events = await this.#claim(rooms);
      } finally {
        lanes.claimed(rooms, events);
      }
      lanes.offer(events.map((event) => ({ event, settled: () => undefined })));
    }
  }

  async #claim(rooms: LaneRoom[]): Promise<DispatchedEvent[]> {
    const { pool, leaseSeconds } = this.#options;
    const ordered = rooms.flatMap((room) => {
      const webhook = this.#webhooks.get(room.webhookId);
      return webhook?.ordered ? [{ ...room, blocks: webhook.blocks }] : [];
    });
    const others = rooms.filter(({ webhookId }) => !this.#webhooks.get(webhookId)?.ordered);
    const [claimed, inOrder] = await Promise.all([
      claimDueEvents(pool, others, leaseSeconds),
      claimOrderedEvents(pool, ordered, leaseSeconds),
    ]);
    for (const webhookId of inOrder.full) this.#woken.add(webhookId);
    return [...claimed, ...inOrder.events];
  }
}

/** The same webhooks, begun at another one each time: where room is short it is not always the same that get it. */
function fromAnywhere(webhookIds: number[]): number[] {
  const start = Math.floor(Math.random() * webhookIds.length);
  return [...webhookIds.slice(start), ...webhookIds.slice(0, start)];
}
