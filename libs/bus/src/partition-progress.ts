/** Records in hand (not done) of one partition, beyond which no more are read: it bounds memory. */
const MOST_IN_HAND = 5_000;
/** The same in bytes, for large records. */
const MOST_BYTES_IN_HAND = 4 * 1024 * 1024;
/** Done records that wait for an earlier one cost a few bytes each; still they must end somewhere. */
const LONGEST_SPAN = 100_000;

interface Entry {
  offset: bigint;
  bytes: number;
  done: boolean;
}

/** What one partition has handed out, and how far its offset may be committed: up to the first record that is not done. */
export class PartitionProgress {
  readonly first: bigint;
  #next: bigint;
  #entries: Entry[] = [];
  #head = 0;
  #inHand = 0;
  #bytesInHand = 0;
  readonly #mostInHand: number;

  /** `first`: the offset of the first record that will be taken. */
  constructor(first: bigint, mostInHand = MOST_IN_HAND) {
    this.first = first;
    this.#next = first;
    this.#mostInHand = mostInHand;
  }

  /**
   * Takes note of a record about to be handed out; returns how to mark it done. Undefined: it was handed out before
   * (after a rebalance that left the partition here, a consumer reads again from the committed offset).
   */
  take(offset: bigint, bytes = 0): (() => void) | undefined {
    if (offset < this.#next) return undefined;
    this.#next = offset + 1n;
    const entry = { offset, bytes, done: false };
    this.#entries.push(entry);
    this.#inHand += 1;
    this.#bytesInHand += bytes;
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
    return this.#fills(1);
  }

  /** Well below full, so that a partition is not paused and resumed record by record. */
  get roomy(): boolean {
    return !this.#fills(1 / 2);
  }

  #fills(share: number): boolean {
    return (
      this.#inHand >= this.#mostInHand * share ||
      this.#bytesInHand >= MOST_BYTES_IN_HAND * share ||
      this.#span >= LONGEST_SPAN * share
    );
  }

  get #span(): number {
    return this.#entries.length - this.#head;
  }

  #settle(entry: Entry): void {
    if (entry.done) return;
    entry.done = true;
    this.#inHand -= 1;
    this.#bytesInHand -= entry.bytes;
    while (this.#entries[this.#head]?.done) this.#head += 1;
    if (this.#head >= 1_000 && this.#head >= this.#span) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
