/** Failures in a row, of different events, after which a target is taken to be down. */
const FAILURES_TO_OPEN = 20;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * The circuit of a lane. closed: attempts flow. open: the target is down, nothing is sent until `reopensAt`.
 * half-open: one probe at a time; its success closes the circuit, its failure opens it for twice as long.
 */
export class Circuit {
  readonly #now: () => number;
  #failures = 0;
  #lastFailed: number | undefined;
  #openUntil = 0;
  #pauseMs = 0;

  /** @param now milliseconds, any origin */
  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): 'closed' | 'open' | 'half-open' {
    if (this.#pauseMs === 0) return 'closed';
    return this.#now() < this.#openUntil ? 'open' : 'half-open';
  }

  /** Whether the last attempt failed. */
  get failing(): boolean {
    return this.#failures > 0 || this.#pauseMs > 0;
  }

  /** Milliseconds until a probe may be sent. */
  get opensInMs(): number {
    return this.#pauseMs === 0 ? 0 : Math.max(0, this.#openUntil - this.#now());
  }

  /** Ends the pause of an open circuit: the next attempt is its probe. */
  probe(): void {
    this.#openUntil = Math.min(this.#openUntil, this.#now());
  }

  succeeded(): void {
    this.#failures = 0;
    this.#lastFailed = undefined;
    this.#pauseMs = 0;
  }

  /** The retries of one event count once: its own countdown paces it, and a lone event must keep its schedule. */
  failed(eventId: number): void {
    if (this.state === 'open') return;
    if (this.#pauseMs === 0) {
      if (eventId !== this.#lastFailed) this.#failures += 1;
      this.#lastFailed = eventId;
      if (this.#failures < FAILURES_TO_OPEN) return;
    }
    this.#pauseMs = Math.min(this.#pauseMs === 0 ? FIRST_PAUSE_MS : this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#openUntil = this.#now() + this.#pauseMs;
  }
}
