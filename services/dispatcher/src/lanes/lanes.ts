import type { LaneRoom } from '@oms-webhooks/db';
import { addSeconds, type DispatchedEvent, type Instant, type Outcome } from '@oms-webhooks/domain';
import { AwaitedResources } from './awaited-resources.ts';
import { isHeldByMessage, Lane, type Job, type LaneSettings } from './lane.ts';
import { Room } from './room.ts';
import { Suspects } from './suspects.ts';
import { Turns } from './turns.ts';

export interface LanesOptions {
  /**
   * One attempt, from prepare to record. Answers the outcome, or undefined when nothing was sent. Never rejects.
   * `stillOurs`: whether nobody else can have claimed the event while it waited here.
   */
  attempt: (event: DispatchedEvent, stillOurs: () => boolean) => Promise<Outcome | undefined>;
  /** Looks the resource of an event up; resolves when it is there or cannot be had. Never rejects. */
  findResource: (event: DispatchedEvent) => Promise<void>;
  /** Gives events back to the due-scan, due at `until` or at once. Never rejects. */
  park: (events: DispatchedEvent[], until: Instant | null) => Promise<void>;
  /** A lane that left due events in PostgreSQL has room again. */
  hungry: (webhookId: number) => void;
  /** Requests in flight, in all and per webhook. */
  concurrency: number;
  webhookConcurrency: number;
  /** Microseconds on the database's clock. */
  now: () => Instant;
}

/** Events queued in a lane, as a multiple of what it may have in flight; more where it sends more within seconds. */
const LANE_QUEUE_FACTOR = 8;
/**
 * What one claim takes for all lanes; they ask for more before that is sent. A claim of thousands takes half a second, in
 * which nothing is claimed for others.
 */
const CLAIM_EVENTS = 256;
/** After this an event comes again for which too many before it awaited their resources. */
const RESOURCES_PAUSE_MS = 5000;
/** In flight for longer than this, a request is slow. */
const SLOW_MS = 1000;

/**
 * A lane per webhook, and the fair share of one process between them. Whoever brings an event never waits: a lane that
 * is full or whose circuit is open parks it in PostgreSQL. Accounts and their lanes take turns, one attempt a turn;
 * lanes that have been failing may hold no more than half of all requests in flight, so that healthy ones find room.
 */
export class Lanes {
  readonly #options: LanesOptions;
  readonly #lanes = new Map<number, Lane>();
  readonly #turns = new Turns();
  readonly #room: Room;
  /** Starts paced lanes again. */
  #paceTimer: NodeJS.Timeout | undefined;
  readonly #running = new Set<Job>();
  readonly #awaited: AwaitedResources;
  readonly #suspects: Suspects;
  #stopped = false;
  #idle: (() => void)[] = [];

  constructor(options: LanesOptions) {
    this.#options = options;
    const { concurrency, findResource: find, webhookConcurrency } = options;
    this.#room = new Room(concurrency);
    this.#suspects = new Suspects(concurrency);
    const ready = (lane: Lane, job: Job) => this.#goesFirst(lane, job);
    this.#awaited = new AwaitedResources({ find, ready, webhookConcurrency });
  }

  get inFlight(): number {
    return this.#running.size;
  }

  /** Every event, queued or in flight, that another process could claim by the lease in its message. */
  get heldByMessage(): DispatchedEvent[] {
    const queued = [...this.#lanes.values()].flatMap((lane) => lane.jobs);
    return [...this.#running, ...this.#awaited.jobs, ...queued]
      .filter(isHeldByMessage)
      .map(({ event }) => event);
  }

  get queued(): number {
    return this.#room.queued;
  }

  /** The state of a lane's circuit; closed for one that has had no event yet. */
  circuitOf(webhookId: number): Lane['circuit']['state'] {
    return this.#lanes.get(webhookId)?.circuit.state ?? 'closed';
  }

  /** How many lanes are in each circuit state. */
  circuits(): Record<'closed' | 'open' | 'half-open', number> {
    const count = { closed: 0, open: 0, 'half-open': 0 };
    for (const lane of this.#lanes.values()) count[lane.circuit.state] += 1;
    return count;
  }

  /** Takes events that this process has leased. */
  offer(jobs: Job[]): void {
    const overflow: Job[] = [];
    for (const job of jobs) {
      const lane = this.#lane(job.event.webhookId);
      if (this.#stopped || lane.room === 0 || (this.#room.left === 0 && this.#room.ownOf(lane) === 0)) {
        overflow.push(job);
        continue;
      }
      lane.push(job);
      this.#joined(lane, job);
    }
    this.#parkEach(overflow);
    this.#start();
  }

  /**
   * Room for due events, by webhook; lanes without room are left out. Where the room of the whole process is short,
   * lanes share it alike, and each has a few places of its own. `claimed` must follow.
   */
  claim(webhookIds: readonly number[]): LaneRoom[] {
    const rooms: LaneRoom[] = [];
    let left = this.#stopped ? 0 : Math.min(CLAIM_EVENTS, this.#room.left);
    let lanesLeft = webhookIds.length;
    for (const webhookId of webhookIds) {
      const lane = this.#lane(webhookId);
      const share = Math.max(Math.ceil(left / lanesLeft), this.#room.ownOf(lane));
      // Half of its room: what comes in a message meanwhile has a place, instead of being parked until the next sweep.
      const room = Math.min(Math.ceil(lane.room / 2), this.#stopped ? 0 : share);
      lanesLeft -= 1;
      if (room === 0) continue;
      lane.moreDue = false;
      left = Math.max(0, left - room);
      lane.claiming += room;
      rooms.push({ webhookId, room });
    }
    return rooms;
  }

  /** Ends a claim, whether it succeeded or not, before its events are offered. */
  claimed(rooms: LaneRoom[], events: DispatchedEvent[]): void {
    const found = new Map<number, number>();
    for (const { webhookId } of events) found.set(webhookId, (found.get(webhookId) ?? 0) + 1);
    for (const { webhookId, room } of rooms) {
      const lane = this.#lane(webhookId);
      lane.claiming -= room;
      // What was parked during the claim may have become due behind it.
      if (found.get(webhookId) === room) lane.moreDue = true;
    }
  }

  /** Parks what is queued and resolves when nothing is in flight. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#turns.clear();
    clearTimeout(this.#paceTimer);
    const queued = [...this.#lanes.values()].flatMap((lane) => this.#takeAll(lane));
    queued.push(...this.#awaited.takeAll());
    if (queued.length > 0) await this.#park(queued, null);
    if (this.#running.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #lane(webhookId: number): Lane {
    let lane = this.#lanes.get(webhookId);
    if (!lane) {
      const { webhookConcurrency, now } = this.#options;
      const least = webhookConcurrency * LANE_QUEUE_FACTOR;
      const limits = { least, most: Math.max(least, this.#room.most / 2) };
      lane = new Lane(webhookId, limits, () => now() / 1000);
      this.#lanes.set(webhookId, lane);
    }
    return lane;
  }

  /** Has a lane follow its webhook's settings. */
  follow(webhookId: number, settings: LaneSettings): void {
    const lane = this.#lane(webhookId);
    lane.follow(settings);
    this.#askForMore(lane);
  }

  /** Lets a probe through an open circuit at once: somebody resends, and may know that the target is back. */
  probe(webhookId: number): void {
    this.#lane(webhookId).circuit.probe();
  }

  #start(): void {
    const held: Lane[] = [];
    let paceMs = Infinity;
    while (this.#turns.waiting && this.#running.size < this.#options.concurrency) {
      const lane = this.#turns.take();
      // A lane that has all its requests in flight gets its turn back when one of them ends.
      if (!lane || lane.inFlight >= this.#options.webhookConcurrency) continue;
      const waitMs = lane.pace.waitMs;
      if (waitMs > 0 || this.#suspects.keepWaiting(lane)) {
        if (waitMs > 0) paceMs = Math.min(paceMs, waitMs);
        held.push(lane);
        continue;
      }
      const job = lane.shift();
      if (job) {
        this.#room.remove(job);
        this.#begin(lane, job);
      }
      if (lane.queued > 0) this.#turns.add(lane);
    }
    for (const lane of held) this.#turns.add(lane);
    if (paceMs < Infinity) {
      clearTimeout(this.#paceTimer);
      this.#paceTimer = setTimeout(() => this.#start(), paceMs);
    }
  }

  #begin(lane: Lane, job: Job): void {
    if (!this.#awaited.needs(job)) void this.#run(lane, job);
    else if (!this.#awaited.add(lane, job)) {
      void this.#park([job], Math.ceil(this.#options.now()) + RESOURCES_PAUSE_MS * 1000);
    }
  }

  /** An event has its resource now, for which it had to wait after its turn. */
  #goesFirst(lane: Lane, job: Job): void {
    if (lane.circuit.state === 'open') return this.#parkEach([job]);
    lane.unshift(job);
    this.#joined(lane, job);
    this.#start();
  }

  async #run(lane: Lane, job: Job): Promise<void> {
    lane.inFlight += 1;
    lane.pace.started();
    this.#running.add(job);
    let slow = false;
    const slowly = setTimeout(() => {
      slow = true;
      lane.slow += 1;
      this.#suspects.add(lane);
    }, SLOW_MS);
    const outcome = await this.#options.attempt(
      job.event,
      () => !isHeldByMessage(job) || job.message!.stillOurs(),
    );
    clearTimeout(slowly);
    if (slow) lane.slow -= 1;
    if (!outcome) lane.pace.notSent();
    lane.inFlight -= 1;
    this.#running.delete(job);
    job.settled();
    this.#note(lane, job, outcome);
    this.#askForMore(lane);
    if (lane.queued > 0) this.#turns.add(lane);
    this.#start();
    if (this.#running.size === 0) this.#idle.splice(0).forEach((resolve) => resolve());
  }

  #askForMore(lane: Lane): void {
    if (!lane.moreDue || lane.room === 0 || lane.queued > this.#options.webhookConcurrency) return;
    lane.moreDue = false;
    this.#options.hungry(lane.webhookId);
  }

  #note(lane: Lane, job: Job, outcome: Outcome | undefined): void {
    if (!lane.ended(outcome)) return;
    lane.circuit.failed(job.event.id);
    this.#suspects.add(lane);
    if (lane.circuit.state === 'open') this.#parkEach(this.#takeAll(lane));
  }

  /** Parks events of open lanes until their circuit lets a probe through, others until there is room. */
  #parkEach(jobs: Job[]): void {
    const byLane = new Map<Lane, Job[]>();
    for (const job of jobs) {
      const lane = this.#lane(job.event.webhookId);
      const parked = byLane.get(lane);
      if (parked) parked.push(job);
      else byLane.set(lane, [job]);
    }
    for (const [lane, parked] of byLane) {
      lane.moreDue = true;
      const waitMs = lane.opensInMs;
      void this.#park(parked, waitMs === 0 ? null : addSeconds(this.#options.now(), waitMs / 1000));
    }
  }

  async #park(jobs: Job[], until: Instant | null): Promise<void> {
    await this.#options.park(
      jobs.map(({ event }) => event),
      until,
    );
    for (const job of jobs) job.settled();
  }

  #takeAll(lane: Lane): Job[] {
    const jobs = lane.takeAll();
    jobs.forEach((job) => this.#room.remove(job));
    return jobs;
  }

  #joined(lane: Lane, job: Job): void {
    this.#room.add(job);
    this.#turns.add(lane);
  }
}
