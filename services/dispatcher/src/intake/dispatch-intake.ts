import type { Bus, IncomingRecord } from '@oms-webhooks/bus';
import { claimLeasedEvents, type LaneRoom } from '@oms-webhooks/db';
import {
  decodeDispatchMessage,
  leaseSuffices,
  type DispatchedEvent,
  type Instant,
} from '@oms-webhooks/domain';
import { pause, steadyNow, type Worker } from '@oms-webhooks/lifecycle';
import type { Log, Tracing } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { Job } from '../lanes/lane.ts';
import type { Lanes } from '../lanes/lanes.ts';
import { traceReceiving } from './trace-receiving.ts';

/** How long a partition's previous owner has to extend the leases of what it has in flight. */
const HANDOVER_MS = 700;
/** Published longer ago than this when it is read: there is a backlog in Kafka. */
const BEHIND_MS = 1_000;
/** Whoever publishes takes another way for three times as long. */
const SAY_AGAIN_MS = 1_000;
/** What a lane may take to come to an event, and some more: a lease must last beyond it, or is renewed before. */
const TURN_MS = 8_000;

export interface DispatchIntakeOptions {
  bus: Bus;
  pool: Pool;
  lanes: Pick<Lanes, 'claim' | 'claimed' | 'offer'>;
  /** Gives an event back to the due-scan. Never rejects. */
  giveBack: (event: DispatchedEvent) => Promise<void>;
  /** Partitions may be about to change hands; said again every second while that lasts. */
  onDoubt: () => void;
  /** What is published now would have to wait behind a backlog; said again every second while that lasts. */
  onBehind: () => void;
  leaseSeconds: number;
  timeoutMs: number;
  now: () => Instant;
  tracing?: Tracing | undefined;
  log: Log;
}

/**
 * Takes events from Kafka to their lanes and never waits, neither for a target nor for room: behind a backlog of some
 * webhooks there may be an event for another one. An event is ours without asking the database
 * when it was published after this process had been given the partition: nobody else can have seen it. An older one may
 * be in flight at the partition's previous owner, who extends its lease when the partition goes; so it is claimed, by
 * compare-and-set on the lease in the message, after a moment for that, as far as there is room for it here. What has no
 * lease left is the due-scan's, and so is what there was no room for.
 */
export function dispatchIntake(options: DispatchIntakeOptions): Worker {
  const { bus, lanes, onDoubt, now } = options;
  return {
    name: 'dispatch-intake',
    async run(signal) {
      const claims = new LateClaims(options, signal);
      const seen = new SeenEvents(now);
      const behind = new Behind(options);
      // Nobody may have read for a while.
      behind.say();
      await bus.consume({
        topic: 'oms.webhook-dispatch',
        group: 'dispatcher',
        signal,
        onDoubt,
        handle(records) {
          const ours: Job[] = [];
          const readAt = now();
          for (const record of records) {
            for (const job of jobsOf(record, options)) {
              const { lease, createdDate } = job.event;
              if (readAt - createdDate > BEHIND_MS * 1000) behind.say();
              const held = leaseSuffices(lease, readAt, options.timeoutMs);
              if (!held || !seen.add(job.event)) job.settled();
              else if (isSurelyOurs(job.event, record, options)) {
                job.message = { lease, stillOurs: () => record.ownedSince !== null };
                ours.push(job);
              } else claims.add(job);
            }
          }
          if (ours.length > 0) lanes.offer(ours);
        },
      });
    },
  };
}

/** Says so once a second at most. */
class Behind {
  readonly #options: Pick<DispatchIntakeOptions, 'onBehind' | 'now'>;
  #saidAt = -Infinity;

  constructor(options: Pick<DispatchIntakeOptions, 'onBehind' | 'now'>) {
    this.#options = options;
  }

  say(): void {
    const { now, onBehind } = this.#options;
    if (now() - this.#saidAt < SAY_AGAIN_MS * 1000) return;
    this.#saidAt = now();
    onBehind();
  }
}

/** Kafka may hold a message twice: the producer repeats a request that was not answered in time. */
class SeenEvents {
  readonly #now: () => Instant;
  /** Id → lease, in the order of arrival. */
  readonly #leases = new Map<number, Instant>();

  constructor(now: () => Instant) {
    this.#now = now;
  }

  /** @returns whether the event is seen for the first time during its lease */
  add({ id, lease }: DispatchedEvent): boolean {
    const now = this.#now();
    for (const [oldest, until] of this.#leases) {
      if (until > now) break;
      this.#leases.delete(oldest);
    }
    if (this.#leases.has(id)) return false;
    this.#leases.set(id, lease);
    return true;
  }
}

/** Events to be claimed when the handover is over, many in one statement. */
class LateClaims {
  readonly #options: DispatchIntakeOptions;
  readonly #stopping: AbortSignal;
  #waiting: Job[] = [];

  constructor(options: DispatchIntakeOptions, stopping: AbortSignal) {
    this.#options = options;
    this.#stopping = stopping;
  }

  add(job: Job): void {
    this.#waiting.push(job);
    if (this.#waiting.length === 1) void this.#claimSoon();
  }

  async #claimSoon(): Promise<void> {
    await pause(HANDOVER_MS);
    const jobs = this.#waiting;
    this.#waiting = [];
    // When the process is about to stop, all of them: lanes that are closed give them back, due at once.
    if (this.#stopping.aborted) return this.#options.lanes.offer(await this.#claimed(jobs));
    const { lanes, giveBack } = this.#options;
    const rooms = lanes.claim([...new Set(jobs.map(({ event }) => event.webhookId))]);
    const { fitting, others } = intoRooms(jobs, rooms);
    // Settled before they are given back, so that they hold up nothing that is behind them: their leases protect them.
    for (const job of others) {
      job.settled();
      void giveBack(job.event);
    }
    const claimed = await this.#claimed(fitting);
    lanes.claimed(
      rooms,
      claimed.map(({ event }) => event),
    );
    lanes.offer(claimed);
  }

  /** Those that are ours now; the others are settled. */
  async #claimed(jobs: Job[]): Promise<Job[]> {
    const { pool, leaseSeconds, log } = this.#options;
    let claimed: DispatchedEvent[] = [];
    try {
      const events = jobs.map(({ event }) => event);
      claimed = await claimLeasedEvents(pool, events, leaseSeconds);
    } catch (error) {
      log.warn('events could not be claimed; they come back when their leases run out', {
        events: jobs.length,
        error,
      });
    }
    const ours = new Set(claimed);
    for (const job of jobs) if (!ours.has(job.event)) job.settled();
    return jobs.filter(({ event }) => ours.has(event));
  }
}

/** As many of each webhook as there is room for, the first ones. */
function intoRooms(jobs: Job[], rooms: LaneRoom[]): { fitting: Job[]; others: Job[] } {
  const left = new Map(rooms.map(({ webhookId, room }) => [webhookId, room]));
  const fitting: Job[] = [];
  const others: Job[] = [];
  for (const job of jobs) {
    const room = left.get(job.event.webhookId) ?? 0;
    left.set(job.event.webhookId, room - 1);
    (room > 0 ? fitting : others).push(job);
  }
  return { fitting, others };
}

function jobsOf(record: IncomingRecord, { tracing, log }: DispatchIntakeOptions): Job[] {
  let events: DispatchedEvent[];
  try {
    events = decodeDispatchMessage(record.value);
  } catch (error) {
    // The rows are in PostgreSQL whatever the message says: the due-scan finds them.
    log.error('a message on the way to the dispatchers cannot be read and is left to the due-scan', {
      partition: record.partition,
      offset: record.offset,
      error,
    });
    events = [];
  }
  if (events.length === 0) record.done();
  if (tracing) traceReceiving(tracing, events);
  let open = events.length;
  const settled = () => {
    open -= 1;
    if (open === 0) record.done();
  };
  return events.map((event) => ({ event, settled }));
}

/**
 * Published after this process had been given the partition, so nobody else has seen it, however long it has waited there:
 * the ingest API takes back only what the broker has surely not written. And leased for as long as it may wait here.
 * `createdDate` is the database's clock, `ownedSince` this process's: both become ages.
 */
function isSurelyOurs(
  { lease, createdDate }: DispatchedEvent,
  { ownedSince }: IncomingRecord,
  { now, timeoutMs }: DispatchIntakeOptions,
): boolean {
  if (ownedSince === null || !leaseSuffices(lease, now() + TURN_MS * 1000, timeoutMs)) return false;
  return now() - createdDate < (steadyNow() - ownedSince) * 1000;
}
