import { pause } from '@oms-webhooks/lifecycle';
import type { Admin, Kafka } from 'kafkajs';
import { BusUnavailableError } from '../bus.ts';
import { MAX_RECORD_BYTES, topics } from '../topics.ts';

const topicConfig = [{ name: 'max.message.bytes', value: String(MAX_RECORD_BYTES) }];

/** Creates the topics of the table that are missing, and waits until they take records. */
export async function ensureTopics(kafka: Kafka, prefix: string): Promise<void> {
  const admin = kafka.admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    const missing = topics
      .map(({ topic, partitions }) => ({ topic: prefix + topic, numPartitions: partitions }))
      .filter(({ topic }) => !present.has(topic));
    if (missing.length === 0) return;
    // Answers false, and does not throw, when another process was quicker with one of them.
    await admin.createTopics({
      topics: missing.map((topic) => ({ ...topic, replicationFactor: -1, configEntries: topicConfig })),
    });
    await Promise.all(missing.map(({ topic }) => untilLed(admin, topic)));
  } catch (error) {
    throw new BusUnavailableError(`Kafka did not create the topics: ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}

/**
 * Kafka names a partition's leader a moment before the leader knows. Records sent then are refused for some partitions,
 * and KafkaJS sends the whole request again: what the others had taken would be there twice.
 */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (let left = 100; ; left--) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (left === 0) throw error;
      await pause(50);
    }
  }
}
