import {
  RecordTooLargeError,
  sendDeadLetter,
  type Bus,
  type DeadLetteredTopic,
  type IncomingRecord,
} from '@oms-webhooks/bus';
import { isDatabaseAway } from '@oms-webhooks/db';
import { pause } from '@oms-webhooks/lifecycle';
import { traceparentIn, type Log, type Tracing } from '@oms-webhooks/telemetry';

/** Between tries while PostgreSQL or Kafka is away. */
const AGAIN_MS = 500;
/** A record that PostgreSQL refuses so often is set aside. */
const TRIES = 4;

/** Of each partition: enough to fill a commit from a few partitions, and little in memory while PostgreSQL is away. */
export const MOST_RECORDS_IN_HAND = 125;

/** Runs a step as often as it takes. */
export type UntilTaken = <T>(step: () => Promise<T>) => Promise<T>;

/** A step was given up because the process ends: the record is not done, and comes again. */
class GivenUp extends Error {
  override name = 'GivenUp';
}

export interface RecordTakerOptions<T extends DeadLetteredTopic> {
  bus: Pick<Bus, 'send'>;
  signal: AbortSignal;
  /** Told of each record that went to the dead letters. */
  onSetAside?: ((topic: T) => void) | undefined;
  tracing?: Tracing | undefined;
  log: Log;
  publish: (record: IncomingRecord<T>, untilTaken: UntilTaken) => Promise<unknown>;
  /** Why a record can never be taken, in words; undefined for faults that may pass. */
  refusalIn: (error: unknown) => string | undefined;
}

/**
 * Takes records, each for itself: done when PostgreSQL has it, or when it was set aside in the dead letters. While
 * PostgreSQL is away it waits; nothing is set aside for that.
 */
export class RecordTaker<T extends DeadLetteredTopic> {
  readonly #options: RecordTakerOptions<T>;
  /** Resolves when a record was given up because the process ends. */
  readonly abandoned: Promise<void>;
  #abandon = () => {};
  /** Shared, so that thousands of records that wait go on in the order in which they came. */
  #pause: Promise<void> | undefined;

  constructor(options: RecordTakerOptions<T>) {
    this.#options = options;
    this.abandoned = new Promise((resolve) => (this.#abandon = resolve));
  }

  async take(record: IncomingRecord<T>): Promise<void> {
    const { publish, refusalIn, tracing } = this.#options;
    const traced = tracing && traceRecord(tracing, record);
    try {
      try {
        await publish(traced?.record ?? record, (step) => this.#untilTaken(step));
      } catch (error) {
        if (error instanceof GivenUp) throw error;
        await this.#setAside(
          record,
          refusalIn(error) ?? `PostgreSQL refuses it: ${(error as Error).message}`,
        );
      }
      record.done();
    } catch {
      this.#abandon();
    } finally {
      traced?.end();
    }
  }

  async #untilTaken<T>(step: () => Promise<T>): Promise<T> {
    const { signal, refusalIn, log } = this.#options;
    for (let faults = 0; ;) {
      try {
        return await step();
      } catch (error) {
        if (refusalIn(error) !== undefined) throw error;
        const away = isDatabaseAway(error);
        if (!away) faults += 1;
        if (faults >= TRIES) throw error;
        if (signal.aborted) throw new GivenUp();
        if (!away) log.warn('a record could not be taken, trying again', { error });
      }
      await this.#aWhile();
    }
  }

  #aWhile(): Promise<void> {
    return (this.#pause ??= pause(AGAIN_MS, this.#options.signal).then(() => (this.#pause = undefined)));
  }

  async #setAside(record: IncomingRecord<T>, reason: string): Promise<void> {
    const { bus, signal, onSetAside, log } = this.#options;
    const { topic, partition, offset } = record;
    log.warn('a record is set aside', { topic, partition, offset, reason });
    for (let letter = record; ;) {
      try {
        await sendDeadLetter(bus, letter, reason);
        return onSetAside?.(topic);
      } catch (error) {
        if (signal.aborted) throw new GivenUp();
        log.warn('a record cannot be set aside yet', { topic, partition, offset, error });
        // With its headers it is larger than it came: what is left says where it was.
        if (error instanceof RecordTooLargeError) letter = { ...record, value: Buffer.alloc(0) };
      }
      await this.#aWhile();
    }
  }
}

/** A span for a record, within its sender's trace. Whoever reads the record's `traceparent` gets that of the span. */
function traceRecord<T extends DeadLetteredTopic>(tracing: Tracing, record: IncomingRecord<T>) {
  const { topic, partition, offset, headers } = record;
  const span = tracing.start(`process ${topic}`, {
    kind: 'consumer',
    parent: traceparentIn(headers.traceparent),
    attributes: {
      'messaging.system': 'kafka',
      'messaging.destination.name': topic,
      'messaging.destination.partition.id': String(partition),
      'messaging.kafka.offset': offset,
    },
  });
  return {
    record: { ...record, headers: { ...headers, traceparent: span.traceparent } },
    end: () => span.end(),
  };
}
