import { Flow } from './flow.ts';
import type { Job } from './lane.ts';

/** Events queued in all lanes together, as a multiple of requests in flight. What is read from Kafka at once needs no claim; later, it needs one. */
const QUEUE_FACTOR = 16;
/** Payloads queued in all lanes together, characters: what a process may hold in memory. */
const QUEUE_CHARACTERS = 16 * 1024 * 1024;
/** A full queue that empties within this time is a busy process, not one that sick lanes have filled. */
const CONGESTION_SECONDS = 8;

/** What the lanes of a process may queue together. */
export class Room {
  /** Events. */
  readonly most: number;
  readonly #flow: Flow;
  #queued = 0;
  #characters = 0;

  /**
   * @param concurrency requests in flight, of the whole process
   * @param now milliseconds, any origin
   */
  constructor(concurrency: number, now: () => number) {
    this.most = concurrency * QUEUE_FACTOR;
    this.#flow = new Flow(now);
  }

  get queued(): number {
    return this.#queued;
  }

  /** Free places. */
  get left(): number {
    return this.#characters >= QUEUE_CHARACTERS ? 0 : Math.max(0, this.most - this.#queued);
  }

  /**
   * Whether all that there is room for waits here already and is moving: more would be parked only to come back, at the
   * cost of two writes. Where it is not moving, parking is what keeps the others going.
   */
  get congested(): boolean {
    return this.left === 0 && this.#queued < this.#flow.perSecond * CONGESTION_SECONDS;
  }

  add(job: Job): void {
    this.#queued += 1;
    this.#characters += charactersOf(job);
  }

  remove(job: Job): void {
    this.#queued -= 1;
    this.#characters -= charactersOf(job);
  }

  /** An attempt has ended, whatever came of it. */
  moved(): void {
    this.#flow.left();
  }
}

const charactersOf = ({ event }: Job) => event.payload?.length ?? 0;
