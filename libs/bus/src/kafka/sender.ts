import type { Kafka, Producer } from 'kafkajs';
import { BusUnavailableError, RecordTooLargeError, type OutgoingRecord } from '../bus.ts';
import type { BrokerWatch } from './broker-watch.ts';
import { partitioner } from './partitioner.ts';
import { kafkaCode, maybeWritten } from './produce-refusals.ts';
import { recordBytes, requestBatches } from './request-batches.ts';

/** The broker was known to be away, or could not be connected to, so nothing was sent. */
class NotAskedError extends Error {}

export interface Sender {
  send(topic: string, records: readonly OutgoingRecord[]): Promise<void>;
  close(): Promise<void>;
}

/** Sends with acks=all and a deadline; fails at once while the watch says that the broker is away. */
export function createSender(kafka: Kafka, watch: BrokerWatch, sendTimeoutMs: number): Sender {
  let producer: Promise<Producer> | undefined;

  async function connect(): Promise<Producer> {
    const created = kafka.producer({
      createPartitioner: partitioner,
      allowAutoTopicCreation: false,
      // Of several tries only the last one's error is thrown, and an earlier one may have written.
      retry: { retries: 0 },
    });
    try {
      await created.connect();
    } catch (error) {
      await created.disconnect().catch(() => undefined);
      throw error;
    }
    return created;
  }

  /** A connection that did not answer may be dead without knowing it: the next send gets a new one. */
  function discard(): void {
    const old = producer;
    producer = undefined;
    void old?.then((it) => it.disconnect()).catch(() => undefined);
  }

  async function write(
    topic: string,
    records: readonly OutgoingRecord[],
    overdue: AbortSignal,
  ): Promise<void> {
    await watch.known;
    if (!watch.healthy()) throw new NotAskedError('Kafka is away');
    const connected = await (producer ??= connect()).catch((error: unknown) => {
      throw new NotAskedError((error as Error).message);
    });
    const spread = Math.random();
    for (const messages of requestBatches(records.map((record) => ({ ...record, spread })))) {
      if (overdue.aborted) return;
      await connected.send({ topic, acks: -1, timeout: sendTimeoutMs, messages });
    }
  }

  return {
    async send(topic, records) {
      if (records.length === 0) return;
      const overdue = new AbortController();
      let timer: NodeJS.Timeout | undefined;
      const deadline = new Promise<never>((_, reject) => {
        timer = setTimeout(() => {
          overdue.abort();
          reject(new BusUnavailableError(`Kafka did not acknowledge within ${sendTimeoutMs} ms`));
        }, sendTimeoutMs);
      });
      try {
        await Promise.race([write(topic, records, overdue.signal), deadline]);
      } catch (error) {
        if (kafkaCode(error) === 'MESSAGE_TOO_LARGE') {
          const largest = Math.max(...records.map(recordBytes));
          throw new RecordTooLargeError(`A record of ${largest} bytes is too large for the topic ${topic}`, {
            cause: error,
          });
        }
        if (watch.healthy() && maybeWritten(error)) {
          watch.suspect();
          discard();
        }
        if (error instanceof NotAskedError) throw new BusUnavailableError(error.message);
        const unavailable = new BusUnavailableError(
          error instanceof BusUnavailableError
            ? error.message
            : `Kafka did not take the records: ${(error as Error).message}`,
          { cause: error },
        );
        unavailable.maybeWritten = maybeWritten(error);
        throw unavailable;
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      const open = await producer?.catch(() => undefined);
      await open?.disconnect().catch(() => undefined);
    },
  };
}
