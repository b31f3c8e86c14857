import type { DispatchedEvent, Instant, Outcome } from '@oms-webhooks/domain';
import { Circuit } from './circuit.ts';
import { Flow } from './flow.ts';
import { Pace } from './pace.ts';

/** An event in this process; `settled` is called once it is recorded, cancelled or parked. */
export interface Job {
  event: DispatchedEvent;
  settled: () => void;
  /** Of an event taken as it came in a message: its lease there, and whether nobody else can have met it there. */
  message?: { lease: Instant; stillOurs: () => boolean };
}

/** The lease in a message is known to whoever reads it; one that was renewed is known to this process alone. */
export const isHeldByMessage = ({ event, message }: Job): boolean =>
  message !== undefined && event.lease === message.lease;

/** What a lane follows of its webhook's settings. */
export interface LaneSettings {
  accountId: number;
  /** Requests a second, or null for no limit. */
  rateLimit: number | null;
}

/** A lane queues what it sends in this time and no more, because a queued event's lease is running. */
const QUEUE_SECONDS = 5;

/** Events that a lane may hold in its queue: at least, and at most when it is fast. */
export interface QueueLimits {
  least: number;
  most: number;
}

/** The events of one webhook in this process: a bounded queue and what is in flight. */
export class Lane {
  readonly webhookId: number;
  readonly circuit: Circuit;
  readonly pace: Pace;
  accountId = 0;
  inFlight = 0;
  /** Of these, those that have been in flight for long. */
  slow = 0;
  /** Events that wait for their resource, outside of the queue. */
  awaiting = 0;
  /** Events being claimed for this lane: room that is spoken for. */
  claiming = 0;
  /** More events may be due in PostgreSQL than this lane had room for. */
  moreDue = false;
  /** Kept by `Turns`. */
  hasTurn = false;
  readonly #limits: QueueLimits;
  readonly #flow: Flow;
  #isFollowing = false;
  #first: Job[] = [];
  #again: Job[] = [];
  #turn = 0;

  /** @param now milliseconds, any origin */
  constructor(webhookId: number, limits: QueueLimits, now: () => number) {
    this.webhookId = webhookId;
    this.#limits = limits;
    this.#flow = new Flow(now);
    this.circuit = new Circuit(now);
    this.pace = new Pace(now);
  }

  follow({ accountId, rateLimit }: LaneSettings): void {
    this.#isFollowing = true;
    this.accountId = accountId;
    this.pace.follow(rateLimit);
  }

  get queued(): number {
    return this.#first.length + this.#again.length;
  }

  /** Whether it has nothing in this process. */
  get idle(): boolean {
    return this.inFlight + this.queued + this.claiming + this.awaiting === 0;
  }

  /**
   * How many more events may be taken: a probe at a time while half-open, none while open, and none before the webhook's
   * settings are known, because they may have a rate limit.
   */
  get room(): number {
    if (!this.#isFollowing) return 0;
    switch (this.circuit.state) {
      case 'closed':
        return this.space;
      case 'open':
        return 0;
      case 'half-open':
        return this.idle ? 1 : 0;
    }
  }

  /** Free places in the queue, whatever the circuit says. */
  get space(): number {
    const { perSecond } = this.pace;
    // A request that may start only after its lease has run out waits in PostgreSQL.
    if (this.pace.waitMs > QUEUE_SECONDS * 1000) return 0;
    const { least, most } = this.#limits;
    const limit =
      perSecond === null
        ? Math.min(most, Math.max(least, Math.ceil(this.#flow.perSecond * QUEUE_SECONDS)))
        : Math.min(least, Math.ceil(perSecond * QUEUE_SECONDS));
    return Math.max(0, limit - this.queued - this.claiming);
  }

  push(job: Job): void {
    (job.event.attempts === 0 ? this.#first : this.#again).push(job);
  }

  /** Takes back an event that had its turn and had to wait for something else. */
  unshift(job: Job): void {
    this.#first.unshift(job);
  }

  /** First attempts go before repeated ones, but do not starve them: every eighth turn is theirs. */
  shift(): Job | undefined {
    this.#turn += 1;
    if (this.#turn % 8 === 0 && this.#again.length > 0) return this.#again.shift();
    return this.#first.shift() ?? this.#again.shift();
  }

  /**
   * Takes note of what came of an attempt, undefined when nothing was sent.
   * @returns whether the target failed
   */
  ended(outcome: Outcome | undefined): boolean {
    this.#flow.left();
    if (!outcome || !speaksOfTarget(outcome)) return false;
    const isUp = outcome.kind === 'answered' && outcome.status < 500 && outcome.status !== 429;
    if (isUp) this.circuit.succeeded();
    return !isUp;
  }

  /** Whether it has been failing, or its target keeps requests waiting: it must not take the room of others. */
  get suspect(): boolean {
    return this.circuit.failing || this.slow > 0;
  }

  /** Milliseconds until another request may start, by circuit and pace. */
  get opensInMs(): number {
    return Math.max(this.circuit.opensInMs, this.space === 0 ? this.pace.waitMs : 0);
  }

  get jobs(): Job[] {
    return [...this.#first, ...this.#again];
  }

  /** Empties the queue, for parking. */
  takeAll(): Job[] {
    return [...this.#first.splice(0), ...this.#again.splice(0)];
  }
}

/** Our own faults (a look-up that failed, a forbidden address) say nothing of whether the target is up. */
function speaksOfTarget(outcome: Outcome): boolean {
  return outcome.kind === 'answered' || (outcome.failure !== 'lookup' && outcome.failure !== 'blocked');
}
