import type { Consumer } from 'kafkajs';
import type { Membership } from '../membership.ts';
import type { PartitionProgress } from '../partition-progress.ts';

/**
 * Returns a function that commits what is done, one request at a time; it never rejects, since the next call makes up
 * for a commit that failed. A commit that arrives late can only move an offset back to what was done already.
 */
export function offsetCommits(consumer: Consumer, membership: Membership): () => Promise<void> {
  const committed = new WeakMap<PartitionProgress, bigint>();
  let underway: Promise<void> = Promise.resolve();

  async function commit(): Promise<void> {
    const moved = membership.partitions.flatMap(({ topic, partition, progress }) => {
      if (!progress || progress.position === (committed.get(progress) ?? progress.first)) return [];
      return [{ topic, partition, progress, position: progress.position }];
    });
    if (moved.length === 0) return;
    await consumer.commitOffsets(
      moved.map(({ topic, partition, position }) => ({ topic, partition, offset: String(position) })),
    );
    for (const { progress, position } of moved) committed.set(progress, position);
  }
  return () => (underway = underway.then(commit).catch(() => undefined));
}
