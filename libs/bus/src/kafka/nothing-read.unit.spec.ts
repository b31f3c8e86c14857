import ConsumerGroup from 'kafkajs/src/consumer/consumerGroup.js';
import './nothing-read.ts';

const TOPIC = 'spec';
const PARTITIONS = [0, 1, 2, 3];

/** A member that has been given all partitions, and a broker with records in some of them. */
function member(records: Record<number, string[]>): ConsumerGroup {
  const broker = {
    fetch: ({ topics }: { topics: { topic: string; partitions: { partition: number }[] }[] }) =>
      Promise.resolve({
        responses: topics.map(({ topic, partitions }) => ({
          topicName: topic,
          partitions: partitions.map(({ partition }) => ({
            partition,
            highWatermark: '9',
            abortedTransactions: [],
            messages: (records[partition] ?? []).map((offset) => ({ offset })),
          })),
        })),
      }),
  };
  const none = () => undefined;
  return Object.assign(Object.create(ConsumerGroup.prototype) as ConsumerGroup, {
    cluster: { refreshMetadataIfNecessary: none, findBroker: () => broker },
    checkForStaleAssignment: none,
    subscriptionState: { assigned: () => [{ topic: TOPIC, partitions: PARTITIONS }], isPaused: () => false },
    filterPartitionsByNode: (_: number, all: object) => all,
    seekOffsets: none,
    seekOffset: { has: () => false },
    offsetManager: {
      committedOffsets: () => ({
        [TOPIC]: Object.fromEntries(PARTITIONS.map((partition) => [partition, '0'])),
      }),
      nextOffset: () => 5,
    },
    getActiveTopicPartitions: () => ({ [TOPIC]: new Set(PARTITIONS) }),
    preferredReadReplicasPerTopicPartition: {},
  });
}

describe('A read of several partitions', () => {
  // It handed all of them on, one worker's turn each.
  it('hands on those that brought something', async () => {
    const read = await member({ 2: ['5', '6'] }).fetch(1);
    expect(read).toEqual([expect.objectContaining({ topic: TOPIC, partition: 2 })]);
  });

  it('hands on what was read and left out by KafkaJS itself, which has to be resolved', async () => {
    const read = await member({ 1: ['3'] }).fetch(1);
    expect(read).toEqual([expect.objectContaining({ partition: 1, messages: [] })]);
  });

  it('hands on nothing where there is nothing', async () => {
    expect(await member({}).fetch(1)).toEqual([]);
  });
});
