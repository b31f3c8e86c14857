import type { PartitionProgress } from './partition-progress.ts';

export interface OwnedPartition {
  topic: string;
  partition: number;
  since: number;
  lost: boolean;
  /** Undefined until the first record. */
  progress: PartitionProgress | undefined;
}

/** After this share of the session timeout without an answer there is still time to secure what is in hand. */
const DOUBT_SHARE = 0.3;

/**
 * One consumer's view of its group: which partitions it owns, since when, and whether that is still known to hold.
 * Instants are ms of a clock that does not step. A member that stays in the group keeps its id, and a partition assigned to the same id
 * in two successive rounds was nobody else's in between.
 */
export class Membership {
  readonly #sessionTimeoutMs: number;
  readonly #now: () => number;
  #memberId: string | undefined;
  /** When the last answered sign of life was sent: the broker counts its timeout from no earlier moment. */
  #aliveAt = -Infinity;
  #owned = new Map<string, OwnedPartition>();

  constructor(sessionTimeoutMs: number, now: () => number) {
    this.#sessionTimeoutMs = sessionTimeoutMs;
    this.#now = now;
  }

  /** A new assignment, asked for at `sentAt`. Returns the partitions that are no longer owned. */
  joined(memberId: string, assignment: Record<string, readonly number[]>, sentAt: number): OwnedPartition[] {
    const before = this.#owned;
    const kept = memberId === this.#memberId ? before : new Map<string, OwnedPartition>();
    this.#memberId = memberId;
    this.#owned = new Map(
      Object.entries(assignment).flatMap(([topic, partitions]) =>
        partitions.map((partition) => {
          const name = `${topic}/${partition}`;
          return [name, kept.get(name) ?? this.#fresh(topic, partition)];
        }),
      ),
    );
    this.#aliveAt = sentAt;
    const lost = [...before.values()].filter((owned) => !this.partitions.includes(owned));
    for (const owned of lost) owned.lost = true;
    return lost;
  }

  #fresh(topic: string, partition: number): OwnedPartition {
    return { topic, partition, since: this.#now(), lost: false, progress: undefined };
  }

  heartbeatAnswered(sentAt: number): void {
    this.#aliveAt = sentAt;
  }

  /** The group is being divided anew: until `joined`, nobody knows who owns what. */
  rebalancing(): void {
    this.#aliveAt = -Infinity;
  }

  left(): void {
    for (const owned of this.partitions) owned.lost = true;
    this.#owned.clear();
  }

  partition(topic: string, partition: number): OwnedPartition | undefined {
    return this.#owned.get(`${topic}/${partition}`);
  }

  get partitions(): OwnedPartition[] {
    return [...this.#owned.values()];
  }

  get inHand(): number {
    return this.partitions.reduce((sum, { progress }) => sum + (progress?.inHand ?? 0), 0);
  }

  ownedSince(owned: OwnedPartition): number | null {
    return this.#silentMs < this.#sessionTimeoutMs && !owned.lost ? owned.since : null;
  }

  /** Whether partitions may go to others before long: the group is being divided anew, or signs of life stay unanswered. */
  get inDoubt(): boolean {
    return this.#owned.size > 0 && this.#silentMs >= this.#sessionTimeoutMs * DOUBT_SHARE;
  }

  get #silentMs(): number {
    return this.#now() - this.#aliveAt;
  }
}
