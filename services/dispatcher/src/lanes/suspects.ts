import type { Lane } from './lane.ts';

/** The lanes that have been failing or slow: together they may have no more than half of all requests in flight. */
export class Suspects {
  readonly #most: number;
  readonly #lanes = new Set<Lane>();

  /** @param concurrency requests in flight, of the whole process */
  constructor(concurrency: number) {
    this.#most = concurrency / 2;
  }

  add(lane: Lane): void {
    this.#lanes.add(lane);
  }

  /** Whether a lane has to wait for its turn because it and others like it have their share. */
  keepWaiting(lane: Lane): boolean {
    return lane.suspect && this.#inFlight() >= this.#most;
  }

  #inFlight(): number {
    let inFlight = 0;
    for (const lane of this.#lanes) {
      if (lane.suspect) inFlight += lane.inFlight;
      else this.#lanes.delete(lane);
    }
    return inFlight;
  }
}
