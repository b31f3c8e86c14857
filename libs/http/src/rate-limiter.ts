/** More keys than this are not remembered: the one unseen for longest is forgotten, and begins anew with a full bucket. */
const MOST_KEYS = 10_000;

interface Bucket {
  left: number;
  /** Milliseconds. */
  at: number;
}

/**
 * A token bucket per key. Counting fixed windows, as express-rate-limit does, lets twice the limit through at a window's
 * edge, knows no burst, and as middleware runs before the caller is known.
 */
export class RateLimiter {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #now: () => number;
  readonly #mostKeys: number;
  /** In the order in which they were last seen. */
  readonly #buckets = new Map<string | number, Bucket>();

  /** @param options.now milliseconds, any origin */
  constructor(options: { perSecond: number; burst: number; now?: () => number; mostKeys?: number }) {
    this.#perSecond = options.perSecond;
    this.#burst = options.burst;
    this.#now = options.now ?? (() => performance.now());
    this.#mostKeys = options.mostKeys ?? MOST_KEYS;
  }

  /** Counts one request of the key, if it may be made: answers 0, or the whole seconds after which the next may. */
  take(key: string | number): number {
    const bucket = this.#bucket(key);
    const wait = this.#waitOf(bucket);
    if (wait === 0) bucket.left -= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > this.#mostKeys) {
      for (const oldest of this.#buckets.keys()) {
        this.#buckets.delete(oldest);
        break;
      }
    }
    return wait;
  }

  /** The same answer, counting nothing. */
  wait(key: string | number): number {
    return this.#waitOf(this.#bucket(key));
  }

  #bucket(key: string | number): Bucket {
    const now = this.#now();
    const { left, at } = this.#buckets.get(key) ?? { left: this.#burst, at: now };
    return { left: Math.min(this.#burst, left + ((now - at) / 1000) * this.#perSecond), at: now };
  }

  #waitOf({ left }: Bucket): number {
    return left >= 1 ? 0 : Math.ceil((1 - left) / this.#perSecond);
  }
}
