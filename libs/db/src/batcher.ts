interface Limits<Item> {
  maxItems: number;
  /** Batches under way at once. */
  concurrency: number;
  /** A batch ends before the item with which it would weigh more than 1; an item that alone does goes alone. */
  weightOf?: (item: Item) => number;
}

/**
 * Group commit: calls that come while a batch is under way wait and go together in the next one. Nobody waits on a
 * timer: an idle batcher starts at once, a busy one makes larger batches by itself.
 */
export class Batcher<Item, Result> {
  readonly #run: (items: Item[]) => Promise<Result[]>;
  readonly #limits: Limits<Item>;
  #waiting: Waiting<Item, Result>[] = [];
  #running = 0;
  #idle: (() => void)[] = [];

  /** @param run takes a batch and answers one result per item, in order; a rejection rejects every item */
  constructor(run: (items: Item[]) => Promise<Result[]>, limits: Limits<Item>) {
    this.#run = run;
    this.#limits = limits;
  }

  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      // After the current turn, so that what arrived together goes together.
      if (this.#waiting.length === 1) setImmediate(() => this.#start());
    });
  }

  /** Items not yet in a batch. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Resolves when nothing waits or runs. */
  async drained(): Promise<void> {
    if (this.#waiting.length + this.#running === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #start(): void {
    while (this.#running < this.#limits.concurrency && this.#waiting.length > 0) {
      void this.#flush(this.#waiting.splice(0, this.#nextLength()));
    }
  }

  #nextLength(): number {
    const { maxItems, weightOf } = this.#limits;
    const most = Math.min(maxItems, this.#waiting.length);
    if (!weightOf) return most;
    let length = 0;
    for (let weight = 0; length < most; length += 1) {
      weight += weightOf((this.#waiting[length] as Waiting<Item, Result>).item);
      if (weight > 1 && length > 0) break;
    }
    return length;
  }

  async #flush(batch: Waiting<Item, Result>[]): Promise<void> {
    this.#running += 1;
    try {
      const results = await this.#run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, index) => resolve(results[index] as Result));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    } finally {
      this.#running -= 1;
      this.#start();
      if (this.#waiting.length + this.#running === 0) this.#idle.splice(0).forEach((resolve) => resolve());
    }
  }
}

interface Waiting<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}
