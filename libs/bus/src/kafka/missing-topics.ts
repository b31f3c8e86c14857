import { topics, type Topic } from '../topics.ts';
import { kafkaClient, type KafkaOptions } from './connection.ts';

/** The topics of the table that a broker does not have. Changes nothing; rejects when no broker can be reached. */
export async function missingTopics(options: KafkaOptions): Promise<Topic[]> {
  const admin = kafkaClient(options, { requestTimeout: 5_000, retry: { retries: 1 } }).admin();
  try {
    await admin.connect();
    const present = new Set(await admin.listTopics());
    return topics
      .map(({ topic }) => topic)
      .filter((topic) => !present.has((options.topicPrefix ?? '') + topic));
  } finally {
    await admin.disconnect().catch(() => undefined);
  }
}
