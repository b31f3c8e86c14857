/** A lane may start this much at once; after that its starts are spread evenly. */
const BURST_SECONDS = 0.05;

/** A webhook's rate limit: when the next request may start. */
export class Pace {
  readonly #now: () => number;
  #perSecond: number | null = null;
  #tokens = 1;
  #filledAt: number;

  /** @param now milliseconds, any origin */
  constructor(now: () => number) {
    this.#now = now;
    this.#filledAt = now();
  }

  /** Requests a second; null: no limit. */
  get perSecond(): number | null {
    return this.#perSecond;
  }

  /**
   * What was sent without a limit does not count. What was sent under another one does: it changes whenever a dispatcher
   * comes or goes.
   */
  follow(perSecond: number | null): void {
    if (perSecond === this.#perSecond) return;
    if (this.#perSecond === null) {
      this.#tokens = 1;
      this.#filledAt = this.#now();
    } else this.#fill(this.#perSecond);
    this.#perSecond = perSecond;
  }

  /** Milliseconds until a request may start, 0 for now. */
  get waitMs(): number {
    if (this.#perSecond === null) return 0;
    this.#fill(this.#perSecond);
    return this.#tokens >= 1 ? 0 : Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000);
  }

  started(): void {
    if (this.#perSecond !== null) this.#tokens -= 1;
  }

  /** What had started has sent nothing. */
  notSent(): void {
    if (this.#perSecond !== null) this.#tokens += 1;
  }

  #fill(perSecond: number): void {
    const now = this.#now();
    const capacity = Math.max(1, perSecond * BURST_SECONDS);
    this.#tokens = Math.min(capacity, this.#tokens + ((now - this.#filledAt) / 1000) * perSecond);
    this.#filledAt = now;
  }
}
