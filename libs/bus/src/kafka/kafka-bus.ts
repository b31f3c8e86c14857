import { pause, steadyNow } from '@oms-webhooks/lifecycle';
import { BusUnavailableError, type Bus, type Consumption } from '../bus.ts';
import type { Topic } from '../topics.ts';
import { watchBroker } from './broker-watch.ts';
import { kafkaClient, type KafkaOptions } from './connection.ts';
import { aborted, HandlerError, runSession } from './consumer-session.ts';
import { consumerLag } from './consumer-lag.ts';
import { ensureTopics } from './ensure-topics.ts';
import { kafkaCode } from './produce-refusals.ts';
import { createSender } from './sender.ts';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** What a broker that has just started says of a group for some seconds: no fault, so no warning. */
const GROUP_STARTS = new Set([
  'GROUP_LOAD_IN_PROGRESS',
  'GROUP_COORDINATOR_NOT_AVAILABLE',
  'NOT_COORDINATOR_FOR_GROUP',
]);

/** The bus on Apache Kafka. Connects by itself, and again whenever the broker comes back. */
export function createKafkaBus(options: KafkaOptions): Bus {
  const { log, now = steadyNow, sendTimeoutMs = 2_000, topicPrefix = '' } = options;
  const closing = new AbortController();
  const consumptions = new Set<Promise<void>>();
  const impatient = kafkaClient(options, {
    requestTimeout: sendTimeoutMs,
    retry: { retries: 3, initialRetryTime: 50, maxRetryTime: 400 },
  });
  const patient = kafkaClient(options, {
    requestTimeout: 10_000,
    retry: { retries: 3, initialRetryTime: 100, maxRetryTime: 1_000 },
  });
  const watch = watchBroker(impatient, log, now);
  const sender = createSender(impatient, watch, sendTimeoutMs);
  const lag = consumerLag(impatient);
  /** A consumer of topics that are being created ends with an error: it waits for them, whatever comes of it. */
  let creating: Promise<unknown> = Promise.resolve();

  async function consumeForever<T extends Topic>(consumption: Consumption<T>): Promise<void> {
    const names: readonly T[] = Array.isArray(consumption.topic)
      ? consumption.topic
      : [consumption.topic as T];
    const session = {
      kafka: patient,
      consumption,
      groupId: topicPrefix + consumption.group,
      topics: new Map(names.map((name) => [topicPrefix + name, name])),
      closing: closing.signal,
      now,
    };
    const ending = AbortSignal.any([consumption.signal, closing.signal]);
    let pauseMs = FIRST_PAUSE_MS;
    while (!ending.aborted) {
      await Promise.race([creating, aborted(ending)]);
      const startedAt = now();
      try {
        await runSession(session);
      } catch (error) {
        if (error instanceof HandlerError) throw error.cause;
        log({
          level: GROUP_STARTS.has(kafkaCode(error) ?? '') ? 'info' : 'warn',
          message: `consumer of ${names.join(', ')} ended, it starts again: ${String(error)}`,
        });
        if (now() - startedAt > 60_000) pauseMs = FIRST_PAUSE_MS;
        await pause(pauseMs, ending);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    }
  }

  return {
    async send(topic, records) {
      if (closing.signal.aborted) throw new BusUnavailableError('The bus is closed');
      await sender.send(topicPrefix + topic, records);
    },
    async consume(consumption) {
      const consuming = consumeForever(consumption);
      consumptions.add(consuming);
      await consuming.finally(() => consumptions.delete(consuming));
    },
    ensureTopics() {
      const created = ensureTopics(patient, topicPrefix);
      creating = created.catch(() => undefined);
      return created;
    },
    healthy: () => watch.healthy(),
    lastAway: () => watch.lastAway(),
    lag: (group, topics) =>
      Promise.all(
        topics.map(async (topic) => {
          if (!watch.healthy()) throw new BusUnavailableError('Kafka is away');
          return { topic, messages: await lag.of(topicPrefix + group, topicPrefix + topic) };
        }),
      ),
    async close() {
      closing.abort();
      await Promise.allSettled(consumptions);
      await Promise.all([watch.close(), sender.close(), lag.close()]);
    },
  };
}
