import type { Bus, IncomingRecord } from '@oms-webhooks/bus';
import { claimLeasedEvents } from '@oms-webhooks/db';
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
import { traceReceiving } from './trace-receiving.ts';

/** How long a partition's previous owner has to extend the leases of what it has in flight. */
const HANDOVER_MS = 700;
/** Messages wait for room in this process for so long; a session is given up for dead after longer. */
const ROOM_WAIT_MS = 2_000;
const ROOM_LOOK_MS = 20;
/** What a lane may take to come to an event, and some more: a lease must last beyond it, or is renewed before. */
const TURN_MS = 8_000;

export interface DispatchIntakeOptions {
  bus: Bus;
  pool: Pool;
  offer: (jobs: Job[]) => void;
  /** Whether this process has all that it can do, and is doing it. */
  congested: () => boolean;
  /** Partitions may be about to change hands; said again every second while that lasts. */
  onDoubt: () => void;
  leaseSeconds: number;
  timeoutMs: number;
  now: () => Instant;
  tracing?: Tracing | undefined;
  log: Log;
}

/**
 * Takes events from Kafka to their lanes and never waits for a target. An event is ours without asking the database
 * when it was published after this process had been given the partition: nobody else can have seen it. An older one may
 * be in flight at the partition's previous owner, who extends its lease when the partition goes; so it is claimed, by
 * compare-and-set on the lease in the message, after a moment for that. What has no lease left is the due-scan's.
 */
export function dispatchIntake(options: DispatchIntakeOptions): Worker {
  const { bus, offer, onDoubt } = options;
  return {
    name: 'dispatch-intake',
    async run(signal) {
      const claims = new LateClaims(options);
      const seen = new SeenEvents(options.now);
      await bus.consume({
        topic: 'oms.webhook-dispatch',
        group: 'dispatcher',
        signal,
        onDoubt,
        handle: async (records) => {
          await roomFor(options, signal);
          const ours: Job[] = [];
          for (const record of records) {
            for (const job of jobsOf(record, options)) {
              const { lease } = job.event;
              const held = leaseSuffices(lease, options.now(), options.timeoutMs);
              if (!held || !seen.add(job.event)) job.settled();
              else if (isSurelyOurs(job.event, record, options)) {
                job.message = { lease, stillOurs: () => record.ownedSince !== null };
                ours.push(job);
              } else claims.add(job);
            }
          }
          if (ours.length > 0) offer(ours);
        },
      });
    },
  };
}

/** What waits in Kafka costs nothing; parked and claimed again it costs two writes. */
async function roomFor({ congested }: DispatchIntakeOptions, signal: AbortSignal): Promise<void> {
  const until = steadyNow() + ROOM_WAIT_MS;
  while (congested() && !signal.aborted && steadyNow() < until) await pause(ROOM_LOOK_MS, signal);
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
  #waiting: Job[] = [];

  constructor(options: DispatchIntakeOptions) {
    this.#options = options;
  }

  add(job: Job): void {
    this.#waiting.push(job);
    if (this.#waiting.length === 1) void this.#claimSoon();
  }

  async #claimSoon(): Promise<void> {
    const { pool, offer, leaseSeconds, log } = this.#options;
    // Also when the process is about to stop: what is claimed then goes back to PostgreSQL, due at once.
    await pause(HANDOVER_MS);
    const jobs = this.#waiting;
    this.#waiting = [];
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
    offer(jobs.filter(({ event }) => ours.has(event)));
  }
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
