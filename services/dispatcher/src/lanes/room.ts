import type { Job, Lane } from './lane.ts';

/** Events queued in all lanes together, as a multiple of requests in flight. What is read from Kafka at once needs no claim; later, it needs one. */
const QUEUE_FACTOR = 16;
/** Payloads queued in all lanes together, characters: what a process may hold in memory. */
const QUEUE_CHARACTERS = 16 * 1024 * 1024;
/** Events that a lane may queue however many others hold: a webhook with few events does not wait for one with many. */
const OWN_PLACES = 8;
/** Payloads from which on a lane has one such place, if it has nothing here at all. */
const MOST_CHARACTERS = 2 * QUEUE_CHARACTERS;

/** What the lanes of a process may queue together. */
export class Room {
  /** Events. */
  readonly most: number;
  #queued = 0;
  #characters = 0;

  /** @param concurrency requests in flight, of the whole process */
  constructor(concurrency: number) {
    this.most = concurrency * QUEUE_FACTOR;
  }

  get queued(): number {
    return this.#queued;
  }

  /** Free places, which lanes share. */
  get left(): number {
    return this.#characters >= QUEUE_CHARACTERS ? 0 : Math.max(0, this.most - this.#queued);
  }

  /** Free places that a lane does not share. */
  ownOf(lane: Pick<Lane, 'queued' | 'claiming' | 'idle'>): number {
    if (this.#characters >= MOST_CHARACTERS) return lane.idle ? 1 : 0;
    return Math.max(0, OWN_PLACES - lane.queued - lane.claiming);
  }

  add(job: Job): void {
    this.#queued += 1;
    this.#characters += charactersOf(job);
  }

  remove(job: Job): void {
    this.#queued -= 1;
    this.#characters -= charactersOf(job);
  }
}

const charactersOf = ({ event }: Job) => event.payload?.length ?? 0;
