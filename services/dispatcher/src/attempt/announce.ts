import type { Bus, OutgoingRecord } from '@oms-webhooks/bus';
import type { DispatchedEvent, NextStep, Outcome } from '@oms-webhooks/domain';
import { pause } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import type { DispatcherMetrics } from '../metrics.ts';
import { attemptMessage } from './attempt-message.ts';

/** What comes within this time goes in one request: nobody waits for it, and requests cost more than records. */
const GATHER_MS = 100;
const AGAIN_MS = 1_000;
const RECORDS_A_SEND = 1_000;
/** What is kept while Kafka is away: some 5 MB. PostgreSQL has all of it, so that is not worth more. */
const KEPT_RECORDS = 10_000;
/** At the end of the process. */
const LAST_SEND_MS = 3_000;

/** Tells others what came of each recorded attempt. */
export interface Announcer {
  /** Takes it and returns at once. */
  announce(event: DispatchedEvent, outcome: Outcome, next: NextStep | undefined): void;
  /** Sends what is left, if that is soon done. */
  close(): Promise<void>;
  /** Attempts that are still to be announced. */
  readonly waiting: number;
}

/** Where there is no broker, nobody is told. */
export const noAnnouncer: Announcer = {
  announce: () => undefined,
  close: () => Promise.resolve(),
  waiting: 0,
};

/**
 * Publishes recorded attempts on `oms.webhook-attempts`, in order within an event. As well as may be: a delivery neither
 * waits for it nor fails by it. While Kafka is away a bounded number is kept and the rest is dropped; `delivery_attempt`
 * in PostgreSQL is complete.
 */
export function kafkaAnnouncer({
  bus,
  metrics,
  log,
  keptRecords = KEPT_RECORDS,
}: {
  bus: Pick<Bus, 'send'>;
  metrics?: Pick<DispatcherMetrics, 'announced' | 'notAnnounced'>;
  log: Log;
  keptRecords?: number;
}): Announcer {
  const closing = new AbortController();
  const waiting: OutgoingRecord[] = [];
  let sending: Promise<void> | undefined;
  let isFailing = false;
  let dropped = 0;

  /** Whether the first of those that wait are gone. A send that was not acknowledged is made again, perhaps twice. */
  async function sendSome(): Promise<boolean> {
    const records = waiting.slice(0, RECORDS_A_SEND);
    try {
      await bus.send('oms.webhook-attempts', records);
    } catch (error) {
      if (!isFailing) log.warn('attempts cannot be announced; some are kept, and tried again', { error });
      isFailing = true;
      return false;
    }
    waiting.splice(0, records.length);
    metrics?.announced(records.length);
    if (dropped > 0) log.warn('attempts were not announced; PostgreSQL has them', { attempts: dropped });
    isFailing = false;
    dropped = 0;
    return true;
  }

  async function sendAll(): Promise<void> {
    await pause(GATHER_MS, closing.signal);
    while (waiting.length > 0) {
      const isSent = await sendSome();
      if (closing.signal.aborted && !isSent) return;
      if (!isSent) await pause(AGAIN_MS, closing.signal);
      else if (waiting.length < RECORDS_A_SEND) await pause(GATHER_MS, closing.signal);
    }
    sending = undefined;
  }

  return {
    get waiting() {
      return waiting.length;
    },
    announce(event, outcome, next) {
      if (waiting.length >= keptRecords) {
        dropped += 1;
        metrics?.notAnnounced();
        return;
      }
      waiting.push({ key: event.uuid, value: attemptMessage(event, outcome, next) });
      sending ??= sendAll();
    },
    async close() {
      closing.abort();
      const isOver = new AbortController();
      await Promise.race([sending, pause(LAST_SEND_MS, isOver.signal)]);
      isOver.abort();
      const attempts = waiting.length + dropped;
      if (attempts > 0) log.warn('attempts were not announced; PostgreSQL has them', { attempts });
    },
  };
}
