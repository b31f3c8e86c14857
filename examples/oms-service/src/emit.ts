import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';

/** What a domain service tells: the same JSON over REST and over Kafka. */
export interface DomainEvent {
  event_type: string;
  /** Without `data` the resource is looked up here when the first webhook is to be sent. */
  instance: { pk: number; model: string; data?: object };
}

export interface Emitter {
  /** Resolves when the event is taken. @param key the same for the same event, however often it is emitted */
  emit: (event: DomainEvent, key: string) => Promise<void>;
  close: () => Promise<void>;
}

const TRIES = 10;
const PAUSE_MS = 500;
const TIMEOUT_MS = 5_000;

/** Over REST. What is not answered is sent again with the same key, and is one event even so. */
export function emitterByRest({ url, token }: { url: string; token: string }): Emitter {
  const once = async (event: DomainEvent, key: string): Promise<void> => {
    const response = await fetch(new URL('/api/v1/oms/events/', url), {
      method: 'POST',
      headers: {
        Authorization: `Token ${token}`,
        'Content-Type': 'application/json',
        'Idempotency-Key': key,
      },
      body: JSON.stringify(event),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await response.text();
    if (response.status === 202) return;
    const words = `POST /api/v1/oms/events/ answered ${response.status}: ${text}`;
    if (response.status < 500 && response.status !== 429) throw new RefusedError(words);
    throw new Error(words);
  };
  return {
    async emit(event, key) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await once(event, key);
        } catch (error) {
          if (error instanceof RefusedError || tries === TRIES) throw error;
          await pause(PAUSE_MS);
        }
      }
    },
    close: () => Promise.resolve(),
  };
}

/** Sending it again would not help. */
class RefusedError extends Error {}

/** Over the topic `oms.events`. The record's key is the object, so that its events keep their order. */
export async function emitterByKafka({
  brokers,
  topicPrefix = '',
}: {
  brokers: string[];
  topicPrefix?: string | undefined;
}): Promise<Emitter> {
  const kafka = new Kafka({ clientId: 'example-oms-service', brokers, logLevel: logLevel.ERROR });
  // The topic is made by oms-webhooks.
  const producer = kafka.producer({ allowAutoTopicCreation: false });
  await producer.connect();
  return {
    async emit(event, key) {
      const { model, pk } = event.instance;
      const value = JSON.stringify({ ...event, idempotency_key: key });
      const messages = [{ key: `${model}/${pk}`, value }];
      await producer.send({ topic: `${topicPrefix}oms.events`, messages, acks: -1 });
    },
    close: () => producer.disconnect(),
  };
}
