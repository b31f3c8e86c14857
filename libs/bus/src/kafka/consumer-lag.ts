import type { Admin, Kafka } from 'kafkajs';

/** Asks the broker how far groups are behind, over one connection that lasts. */
export function consumerLag(kafka: Kafka): {
  /** Messages beyond the group's committed offsets. Rejects when the broker is away or has no such topic. */
  of(group: string, topic: string): Promise<number>;
  close(): Promise<void>;
} {
  let connection: Promise<Admin> | undefined;

  async function connect(): Promise<Admin> {
    const admin = kafka.admin();
    await admin.connect();
    return admin;
  }

  /** A client that has failed once may hold on to a dead connection: the next question gets a new one. */
  async function discard(): Promise<void> {
    const old = connection;
    connection = undefined;
    const admin = await old?.catch(() => undefined);
    await admin?.disconnect().catch(() => undefined);
  }

  return {
    async of(group, topic) {
      try {
        const admin = await (connection ??= connect());
        const [ends, committed] = await Promise.all([
          admin.fetchTopicOffsets(topic),
          admin.fetchOffsets({ groupId: group, topics: [topic] }),
        ]);
        const offsets = new Map(
          committed.flatMap(({ partitions }) =>
            partitions.map(({ partition, offset }) => [partition, BigInt(offset)]),
          ),
        );
        return ends.reduce((sum, { partition, high, low }) => {
          // What retention has removed is behind nobody; where a group has never committed it begins at the beginning.
          const from = [offsets.get(partition) ?? -1n, BigInt(low)].reduce((a, b) => (a > b ? a : b));
          return sum + Number(BigInt(high) - from);
        }, 0);
      } catch (error) {
        void discard();
        throw error;
      }
    },
    close: discard,
  };
}
