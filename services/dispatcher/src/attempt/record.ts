import {
  Batcher,
  isDatabaseAway,
  isTransient,
  recordAttempts,
  withPartitions,
  type AttemptRecord,
  type Recorded,
} from '@oms-webhooks/db';
import {
  afterAttempt,
  type AttemptLimits,
  type DispatchedEvent,
  type Instant,
  type NextStep,
  type Outcome,
  type Webhook,
} from '@oms-webhooks/domain';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { HeldLeases } from './held-leases.ts';

const BATCH_ITEMS = 250;
/** Two batches under way: one in the database, one being made. */
const BATCHES_AT_ONCE = 2;
const RETRY_PAUSE_MS = 200;

export interface RecorderOptions {
  pool: Pool;
  leases: Pick<HeldLeases, 'settled'>;
  /** Used where the webhook's config has no limits of its own. */
  limits: AttemptLimits;
  now: () => Instant;
  /** A number in [0, 1). */
  random: () => number;
  pause: (ms: number) => Promise<void>;
  /** Told of each statement, with its attempts and how long it took. */
  onRecorded?: (attempts: number, seconds: number) => void;
  log: Log;
}

/** Records attempts: what came of each and what follows, many in one statement. */
export class AttemptRecorder {
  readonly #options: RecorderOptions;
  readonly #batcher: Batcher<AttemptRecord, Recorded | 'lost' | Error>;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#batcher = new Batcher((records) => this.#write(records), {
      maxItems: BATCH_ITEMS,
      concurrency: BATCHES_AT_ONCE,
    });
  }

  /** Resolves once it is in PostgreSQL, with what follows, or undefined when the lease no longer held. */
  async record(event: DispatchedEvent, webhook: Webhook, outcome: Outcome): Promise<NextStep | undefined> {
    const { leases, limits, now, random } = this.#options;
    const { max_attempts, recovery_attempts } = webhook.config;
    const own = {
      maxAttempts: event.attemptLimit ?? max_attempts ?? limits.maxAttempts,
      recoveryAttempts: event.attemptLimit === undefined ? (recovery_attempts ?? limits.recoveryAttempts) : 0,
    };
    const next = afterAttempt(
      outcome,
      event.attempts + 1,
      webhook.retryCountdownConfig,
      own,
      now(),
      random(),
    );
    await leases.settled();
    const { lease } = event;
    let recorded = await this.#batcher.add({ event, outcome, next });
    if (recorded === 'lost') {
      await leases.settled();
      // The lease was extended between the attempt and its record: it is still ours, by its new name.
      if (event.lease !== lease) recorded = await this.#batcher.add({ event, outcome, next, kept: true });
    }
    if (recorded instanceof Error) throw recorded;
    if (recorded === 'lost') return undefined;
    return recorded === 'resend' ? { state: 'retrying', nextAttemptAt: now() } : next;
  }

  /** One outcome that PostgreSQL refuses must not take the others of its batch with it. */
  async #write(records: AttemptRecord[]): Promise<(Recorded | 'lost' | Error)[]> {
    try {
      const recorded = await this.#writePersistently(records);
      return records.map(({ event }) => recorded.get(event.id) ?? 'lost');
    } catch (error) {
      if (records.length === 1) return [error as Error];
      return (await Promise.all(records.map((record) => this.#write([record])))).flat();
    }
  }

  /**
   * While PostgreSQL is away the outcomes are kept and tried again: forgetting a delivery means sending it twice.
   * What is kept is bounded by the requests that were in flight.
   */
  async #writePersistently(records: AttemptRecord[]): Promise<Map<number, Recorded>> {
    const { pool, log, pause, onRecorded } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const startedAt = performance.now();
      try {
        const recorded = await withPartitions(pool, () => recordAttempts(pool, records));
        onRecorded?.(records.length, (performance.now() - startedAt) / 1000);
        return recorded;
      } catch (error) {
        if (!isDatabaseAway(error) && !isTransient(error)) throw error;
        if (tries === 1)
          log.warn('cannot record attempts, trying again', { attempts: records.length, error });
        await pause(RETRY_PAUSE_MS);
      }
    }
  }
}
