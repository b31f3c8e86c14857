import type { IncomingRecord } from './bus.ts';
import type { Membership, OwnedPartition } from './membership.ts';
import { PartitionProgress } from './partition-progress.ts';
import type { Topic } from './topics.ts';

export type RecordContent<T extends Topic> = Pick<
  IncomingRecord<T>,
  'topic' | 'offset' | 'key' | 'value' | 'headers' | 'timestamp'
>;

/**
 * Makes a record out of what a broker holds, noted in the partition's progress. Undefined: it was handed out before.
 * `onDone` runs after each `done()`.
 */
export function incomingRecord<T extends Topic>(
  membership: Membership,
  owned: OwnedPartition,
  content: RecordContent<T>,
  { onDone, mostInHand }: { onDone: () => void; mostInHand?: number | undefined },
): IncomingRecord<T> | undefined {
  const offset = BigInt(content.offset);
  // Earlier than the first one seen: somebody set the group's offset back, and nothing noted here holds any more.
  if (!owned.progress || offset < owned.progress.first)
    owned.progress = new PartitionProgress(offset, mostInHand);
  const settle = owned.progress.take(offset, content.value.length);
  if (!settle) return undefined;
  return {
    ...content,
    partition: owned.partition,
    get ownedSince() {
      return membership.ownedSince(owned);
    },
    done() {
      settle();
      onDone();
    },
  };
}
