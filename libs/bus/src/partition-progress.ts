/** Records in hand (not done) of one partition, beyond which no more are taken: it bounds memory. */
const MOST_IN_HAND = 5_000;
/** Done records that wait for an earlier one cost a few bytes each; still they must end somewhere. */
const LONGEST_SPAN = 100_000;

interface Entry {
  offset: bigint;
  done: boolean;
}

/** What one partition has handed out, and how far its offset may be committed: up to the first record that is not done. */
export class PartitionProgress {
  readonly first: bigint;
  #next: bigint;
  #entries: Entry[] = [];
  #head = 0;
  #inHand = 0;

  /** `first`: the offset of the first record that will be taken. */
  constructor(first: bigint) {
    this.first = first;
    this.#next = first;
  }

  /**
   * Takes note of a record about to be handed out; returns how to mark it done. Undefined: it was handed out before
   * (after a rebalance that left the partition here, a consumer reads again from the committed offset).
   */
  take(offset: bigint): (() => void) | undefined {
    if (offset < this.#next) return undefined;
    this.#next = offset + 1n;
    const entry = { offset, done: false };
    this.#entries.push(entry);
    this.#inHand += 1;
    return () => this.#settle(entry);
  }

  /** The offset to commit: everything before it is done. */
  get position(): bigint {
    return this.#entries[this.#head]?.offset ?? this.#next;
  }

  /** The offset after the last one taken. */
  get next(): bigint {
    return this.#next;
  }

  get inHand(): number {
    return this.#inHand;
  }

  get full(): boolean {
    return this.#inHand >= MOST_IN_HAND || this.#span >= LONGEST_SPAN;
  }

  /** Well below full, so that a partition is not paused and resumed record by record. */
  get roomy(): boolean {
    return this.#inHand < MOST_IN_HAND / 2 && this.#span < LONGEST_SPAN / 2;
  }

  get #span(): number {
    return this.#entries.length - this.#head;
  }

  #settle(entry: Entry): void {
    if (entry.done) return;
    entry.done = true;
    this.#inHand -= 1;
    while (this.#entries[this.#head]?.done) this.#head += 1;
    if (this.#head >= 1_000 && this.#head >= this.#span) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
