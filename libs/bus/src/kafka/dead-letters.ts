import { randomUUID } from 'node:crypto';
import { pause } from '@oms-webhooks/lifecycle';
import type { Admin, Kafka, KafkaMessage } from 'kafkajs';
import { originOf } from '../dead-letter.ts';
import type { DeadLetteredTopic } from '../topics.ts';
import { kafkaClient, type KafkaOptions } from './connection.ts';

/** A record that was set aside. */
export interface DeadLetter {
  /** Where it came from, and goes back to. */
  topic: DeadLetteredTopic;
  /** Where it lies now, in the topic of the dead letters. */
  partition: number;
  offset: string;
  /** Epoch ms when it was set aside. */
  setAsideAt: number;
  reason: string;
  key: string | null;
  value: Buffer;
  /** As they came. */
  headers: Record<string, string>;
}

/** A broker that gives no further record for so long, though there should be one, is not waited for. */
const SILENCE_MS = 20_000;

/**
 * Reads what was set aside when this was called, each topic from its oldest. No consumer group is left behind, and no
 * other one is touched. `onLetter` is waited for.
 */
export async function readDeadLetters(
  options: KafkaOptions,
  topics: readonly DeadLetteredTopic[],
  onLetter: (letter: DeadLetter) => void | Promise<void>,
): Promise<void> {
  const kafka = kafkaClient(options, {
    requestTimeout: 10_000,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  const admin = kafka.admin();
  await admin.connect();
  try {
    const prefix = options.topicPrefix ?? '';
    for (const topic of topics) await readTopic(kafka, admin, { topic, prefix, onLetter });
  } finally {
    await admin.disconnect();
  }
}

async function readTopic(
  kafka: Kafka,
  admin: Admin,
  read: { topic: DeadLetteredTopic; prefix: string; onLetter: (letter: DeadLetter) => void | Promise<void> },
): Promise<void> {
  const name = `${read.prefix}${read.topic}.dead-letter`;
  const left = await unreadOf(admin, name);
  if (left.size === 0) return;
  const groupId = `${read.prefix}dead-letters-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
  let heardAt = Date.now();
  let fault: unknown;
  try {
    await consumer.connect();
    await consumer.subscribe({ topic: name, fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: async ({ partition, message }) => {
        const end = left.get(partition);
        heardAt = Date.now();
        if (end === undefined || fault !== undefined) return;
        if (BigInt(message.offset) >= end) return void left.delete(partition);
        try {
          await read.onLetter(letterOf(read.topic, partition, message));
        } catch (error) {
          fault = error;
        }
        if (BigInt(message.offset) + 1n >= end) left.delete(partition);
      },
    });
    while (left.size > 0 && fault === undefined) {
      if (Date.now() - heardAt > SILENCE_MS) throw new Error(`Kafka does not give all records of ${name}.`);
      await pause(50);
    }
    if (fault !== undefined) throw fault as Error;
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
  }
}

/** The offset to stop before, by partition; partitions without records are left out. */
async function unreadOf(admin: Admin, name: string): Promise<Map<number, bigint>> {
  if (!(await admin.listTopics()).includes(name)) return new Map();
  const offsets = await admin.fetchTopicOffsets(name);
  return new Map(
    offsets
      .filter(({ low, high }) => BigInt(high) > BigInt(low))
      .map(({ partition, high }) => [partition, BigInt(high)]),
  );
}

function letterOf(topic: DeadLetteredTopic, partition: number, message: KafkaMessage): DeadLetter {
  const all = Object.fromEntries(
    Object.entries(message.headers ?? {}).map(([name, value]) => [name, String([value].flat().at(-1) ?? '')]),
  );
  return {
    topic,
    partition,
    offset: message.offset,
    setAsideAt: Number(message.timestamp),
    key: message.key?.toString() ?? null,
    value: message.value ?? Buffer.alloc(0),
    ...originOf(all),
  };
}
