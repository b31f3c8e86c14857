import fc from 'fast-check';
import { Partitioners, type PartitionMetadata } from 'kafkajs';
import { partitioner } from './partitioner.ts';

const partitions = (count: number, leaderOf: (id: number) => number = () => 1) =>
  Array.from(
    { length: count },
    (_, partitionId) => ({ partitionId, leader: leaderOf(partitionId) }) as PartitionMetadata,
  );
const choose = (message: object, partitionMetadata: PartitionMetadata[]) =>
  partitioner()({ topic: 'a', message: { value: '', ...message }, partitionMetadata });

describe('The partition of a record', () => {
  it('is that of Kafka’s own clients where it has a key', () => {
    const byKey = Partitioners.DefaultPartitioner();
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 100 }), (key, count) => {
        const partitionMetadata = partitions(count);
        const message = { key, value: '' };
        expect(choose(message, partitionMetadata)).toBe(byKey({ topic: 'a', message, partitionMetadata }));
      }),
    );
  });

  it('is the one it asks for, key or not', () => {
    expect(choose({ key: 'k', partition: 7 }, partitions(12))).toBe(7);
    expect(choose({ partition: 0, spread: 0.9 }, partitions(12))).toBe(0);
  });

  it('is, without a key, the same for a whole call and one that has a leader', () => {
    const led = partitions(12, (id) => (id % 3 === 0 ? 1 : -1));
    expect([0, 0.3, 0.99].map((spread) => choose({ spread }, led))).toEqual([0, 3, 9]);
    expect(
      choose(
        { spread: 0.5 },
        partitions(4, () => -1),
      ),
    ).toBe(2);
  });
});
