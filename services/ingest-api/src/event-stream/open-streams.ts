import { throttled } from '@oms-webhooks/http';

const MOST_OF_A_TOKEN = 10;
const MOST = 100;
const RETRY_AFTER_SECONDS = 10;

/** How many streams are open in this process, of each token and in all: each asks PostgreSQL every second. */
export class OpenStreams {
  readonly #ofToken = new Map<number, number>();
  #all = 0;

  get count(): number {
    return this.#all;
  }

  /** Counts one more until the returned function is called. Throws 429. */
  open(tokenId: number): () => void {
    const others = this.#ofToken.get(tokenId) ?? 0;
    if (others >= MOST_OF_A_TOKEN || this.#all >= MOST) throw throttled(RETRY_AFTER_SECONDS);
    this.#ofToken.set(tokenId, others + 1);
    this.#all += 1;
    return () => {
      this.#all -= 1;
      const left = (this.#ofToken.get(tokenId) ?? 1) - 1;
      if (left === 0) this.#ofToken.delete(tokenId);
      else this.#ofToken.set(tokenId, left);
    };
  }
}
