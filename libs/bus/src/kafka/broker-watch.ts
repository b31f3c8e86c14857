import { pause } from '@oms-webhooks/lifecycle';
import type { Admin, Kafka } from 'kafkajs';
import type { BusLog } from './connection.ts';

const WHILE_WELL_MS = 3_000;
const WHILE_AWAY_MS = 500;

export interface BrokerWatch {
  healthy(): boolean;
  /** When the broker was last seen away, by the clock given; null when it never was. */
  lastAway(): number | null;
  /** Resolves after the first answer or failure. */
  known: Promise<void>;
  /** A request has failed: unhealthy until the broker answers again, and it is asked at once. */
  suspect(): void;
  close(): Promise<void>;
}

/** Asks the broker now and then whether it is there, and sooner while it is not. */
export function watchBroker(kafka: Kafka, log: BusLog, now: () => number): BrokerWatch {
  const closing = new AbortController();
  let wake = new AbortController();
  let healthy = false;
  let lastAway: number | null = null;
  let admin: Admin | undefined;

  async function ask(): Promise<boolean> {
    try {
      if (!admin) {
        admin = kafka.admin();
        await admin.connect();
      }
      return (await admin.describeCluster()).brokers.length > 0;
    } catch {
      // A client that has failed once may hold on to a dead connection: the next question gets a new one.
      await admin?.disconnect().catch(() => undefined);
      admin = undefined;
      return false;
    }
  }

  async function askOnce(): Promise<void> {
    const before = healthy;
    healthy = await ask();
    if (!healthy) lastAway = now();
    if (healthy && !before) log({ level: 'info', message: 'Kafka answers' });
    if (!healthy && before) log({ level: 'warn', message: 'Kafka does not answer' });
  }

  const known = askOnce();
  const watching = known.then(async () => {
    while (!closing.signal.aborted) {
      await pause(healthy ? WHILE_WELL_MS : WHILE_AWAY_MS, AbortSignal.any([wake.signal, closing.signal]));
      wake = new AbortController();
      if (!closing.signal.aborted) await askOnce();
    }
    await admin?.disconnect().catch(() => undefined);
  });

  return {
    healthy: () => healthy,
    lastAway: () => lastAway,
    known,
    suspect() {
      if (healthy) log({ level: 'warn', message: 'Kafka does not answer' });
      healthy = false;
      lastAway = now();
      wake.abort();
    },
    async close() {
      closing.abort();
      await watching;
      healthy = false;
    },
  };
}
