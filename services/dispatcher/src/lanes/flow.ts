const WINDOW_MS = 1_000;

/** How many events a second leave: over the last second, roughly, by two counters. */
export class Flow {
  readonly #now: () => number;
  #since: number;
  #count = 0;
  #before = 0;

  /** @param now milliseconds, any origin */
  constructor(now: () => number) {
    this.#now = now;
    this.#since = now();
  }

  left(): void {
    this.#turnOver();
    this.#count += 1;
  }

  get perSecond(): number {
    const share = this.#turnOver() / WINDOW_MS;
    return this.#count + this.#before * (1 - share);
  }

  /** @returns milliseconds into the present window */
  #turnOver(): number {
    const elapsed = this.#now() - this.#since;
    if (elapsed < WINDOW_MS) return elapsed;
    this.#before = elapsed < 2 * WINDOW_MS ? this.#count : 0;
    this.#count = 0;
    this.#since += Math.floor(elapsed / WINDOW_MS) * WINDOW_MS;
    return elapsed % WINDOW_MS;
  }
}
