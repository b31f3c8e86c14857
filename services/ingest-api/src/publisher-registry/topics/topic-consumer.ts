import type { Bus, IncomingRecord } from '@oms-webhooks/bus';
import { REGISTRY_TOPICS, type RegistryTopic } from '@oms-webhooks/db';
import type { Worker } from '@oms-webhooks/lifecycle';
import type { Log, Tracing } from '@oms-webhooks/telemetry';
import { BUS } from '../../domain-events/fan-out.ts';
import { MOST_RECORDS_IN_HAND, RecordTaker, type UntilTaken } from '../../domain-events/record-taker.ts';
import { requestHash, type Idempotency } from '../../webhook-events/publication.ts';
import type { TopicFanOut } from './topic-fan-out.ts';
import { readMessage, UnreadableMessage, type TopicMessage } from './topic-message.ts';

export interface TopicConsumerDeps {
  bus: Bus;
  fanOut: Pick<TopicFanOut, 'publish'>;
  onSetAside?: (topic: RegistryTopic) => void;
  tracing?: Tracing | undefined;
  log: Log;
}

/**
 * Takes the messages of the registry's topics. The offset moves past a message when PostgreSQL has its events, when no
 * published event lets it through, or when it was set aside.
 */
export function topicConsumer({ bus, fanOut, onSetAside, tracing, log }: TopicConsumerDeps): Worker {
  async function publish(record: IncomingRecord<RegistryTopic>, untilTaken: UntilTaken): Promise<void> {
    const { topic, partition, offset } = record;
    const message = readMessage(record);
    const outcome = await fanOut.publish(topic, message, idempotencyOf(record, message), untilTaken);
    log.debug('message', { topic, partition, offset, event_type: message.eventType, outcome });
  }

  return {
    name: 'registry-topics',
    async run(signal) {
      const taker = new RecordTaker<RegistryTopic>({
        bus,
        signal,
        onSetAside,
        tracing,
        log,
        publish,
        refusalIn,
      });
      const consuming = bus.consume<RegistryTopic>({
        topic: REGISTRY_TOPICS,
        group: 'registry-topics',
        signal,
        mostInHand: MOST_RECORDS_IN_HAND,
        handle: (records) => {
          for (const record of records) void taker.take(record);
        },
      });
      // What was given up is never done, and would be waited for.
      await Promise.race([consuming, taker.abandoned]);
    },
  };
}

function refusalIn(error: unknown): string | undefined {
  return error instanceof UnreadableMessage ? error.message : undefined;
}

/**
 * A message is published once, however often it is read. The timestamp belongs to it: a topic that was deleted and made
 * anew counts its offsets from 0 again.
 */
function idempotencyOf(record: IncomingRecord<RegistryTopic>, { text }: TopicMessage): Idempotency {
  const { topic, partition, offset, timestamp } = record;
  return {
    accountId: BUS.keysOf,
    // With a blank, which no key has that somebody chooses.
    key: `message ${topic}/${partition}/${offset}/${timestamp}`,
    requestHash: requestHash(topic, text),
  };
}
