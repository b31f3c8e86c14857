import { RecordTooLargeError, sendDeadLetter, type Bus, type IncomingRecord } from '@oms-webhooks/bus';
import { isDatabaseAway, REGISTRY_TOPICS, type RegistryTopic } from '@oms-webhooks/db';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import { requestHash, type Idempotency } from '../../webhook-events/publication.ts';
import type { TopicFanOut } from './topic-fan-out.ts';
import { readMessage, UnreadableMessage, type TopicMessage } from './topic-message.ts';

/** What comes over Kafka is remembered under no account's name: no account has the id 0. */
const NOBODY = 0;
/** Between tries while PostgreSQL or Kafka is away. */
const AGAIN_MS = 1000;
/** A message that PostgreSQL refuses so often is set aside. */
const TRIES = 5;

export interface TopicConsumerDeps {
  bus: Bus;
  fanOut: Pick<TopicFanOut, 'publish'>;
  log: Log;
}

/**
 * Takes the messages of the registry's topics. The offset moves past a message when PostgreSQL has its events, when no
 * published event lets it through, or when it was set aside; while PostgreSQL is away it waits.
 */
export function topicConsumer({ bus, fanOut, log }: TopicConsumerDeps): Worker {
  return {
    name: 'registry topics',
    run: (signal) =>
      bus.consume<RegistryTopic>({
        topic: REGISTRY_TOPICS,
        group: 'registry-topics',
        signal,
        handle: (records) => {
          for (const record of records) void take(record, signal);
        },
      }),
  };

  async function take(record: IncomingRecord<RegistryTopic>, signal: AbortSignal): Promise<void> {
    try {
      const message = readMessage(record);
      const { topic, partition, offset } = record;
      const outcome = await fanOut.publish(
        topic,
        message,
        idempotencyOf(record, message),
        untilTaken(signal),
      );
      record.done();
      log.debug('message', { topic, partition, offset, event_type: message.eventType, outcome });
    } catch (error) {
      // It was not taken, and is read again by whoever owns the partition next.
      if (signal.aborted) return;
      await setAside(record, error, signal);
    }
  }

  /** Waits for PostgreSQL as long as it takes; another fault may pass as well, but not for ever. */
  function untilTaken(signal: AbortSignal) {
    return async <T>(task: () => Promise<T>): Promise<T> => {
      for (let faults = 0; ;) {
        try {
          return await task();
        } catch (error) {
          if (!isDatabaseAway(error)) faults += 1;
          if (signal.aborted || faults >= TRIES) throw error;
        }
        await pause(AGAIN_MS, signal);
      }
    };
  }

  async function setAside(
    record: IncomingRecord<RegistryTopic>,
    error: unknown,
    signal: AbortSignal,
  ): Promise<void> {
    const { topic, partition, offset } = record;
    const unreadable = error instanceof UnreadableMessage;
    const reason = unreadable ? error.message : `It could not be published: ${String(error)}`;
    log[unreadable ? 'warn' : 'error']('a message is set aside', { topic, partition, offset, reason });
    for (let letter = record; !signal.aborted;) {
      try {
        await sendDeadLetter(bus, letter, reason);
        return record.done();
      } catch (failure) {
        log.warn('a message cannot be set aside yet', { topic, partition, offset, error: failure });
        // With its headers it is larger than it came: what is left says where it was.
        if (failure instanceof RecordTooLargeError) letter = { ...record, value: Buffer.alloc(0) };
        await pause(AGAIN_MS, signal);
      }
    }
  }
}

/**
 * A message is published once, however often it is read. The timestamp belongs to it: a topic that was deleted and made
 * anew counts its offsets from 0 again.
 */
function idempotencyOf(record: IncomingRecord<RegistryTopic>, { text }: TopicMessage): Idempotency {
  const { topic, partition, offset, timestamp } = record;
  return {
    accountId: NOBODY,
    key: `${topic}/${partition}/${offset}/${timestamp}`,
    requestHash: requestHash(topic, text),
  };
}
