import { Kafka } from 'kafkajs';
import { batchCall, DATA, flood, publishCall, type Call } from '../load/publishers.ts';
import type { Receiver } from '../load/receiver.ts';
import { EVENT_TYPES, WEBHOOKS } from '../load/targets.ts';
import { PROCESSES, type PerProcess, type System } from '../machine/system.ts';

const BATCH = 100;
const KAFKA_RECORDS_A_SEND = 500;

/** Rates a second, over the time until the last event has arrived at its target. */
export interface Throughput {
  accepted: number;
  delivered: number;
  /** ms of CPU an event, by process and in all; the load's own is not in it. */
  cpuPerEvent: PerProcess & { all: number };
  /** Bytes of PostgreSQL's write-ahead log an event. */
  walPerEvent: number;
}

/**
 * What rates are compared with: a bare keep-alive POST loop, the generator, straight to a bare `node:http` server that
 * answers 202, the receiver.
 */
export const rawLoop = async (receiver: Receiver, count: number): Promise<number> => {
  const { body } = publishCall(1, 8812);
  return count / (await flood(receiver.url, count, () => ({ path: '/raw', body })));
};

/** Rows a second, a hundred in a statement and a commit, into a table with nothing but a key and a payload. */
export async function rawInsert({ database }: System, count: number): Promise<number> {
  const { pool } = database;
  await pool.query('CREATE TABLE bench_raw_insert (id bigserial PRIMARY KEY, payload text)');
  const payloads = Array.from({ length: BATCH }, () => JSON.stringify(DATA));
  const startedAt = performance.now();
  for (let inserted = 0; inserted < count; inserted += BATCH)
    await pool.query('INSERT INTO bench_raw_insert (payload) SELECT unnest($1::text[])', [payloads]);
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.query('DROP TABLE bench_raw_insert');
  return count / seconds;
}

interface Road {
  /** Publishes so many events; resolves when they are accepted. */
  publish(events: number): Promise<void>;
}

export function roads(system: System, hooks: readonly number[]): Record<'single' | 'batch' | 'kafka', Road> {
  const through = (callOf: (number: number) => Call, eventsACall: number): Road => ({
    publish: async (events) => void (await flood(system.apiUrl, events / eventsACall, callOf)),
  });
  const types = Array.from({ length: BATCH }, (_, n) => EVENT_TYPES[n % WEBHOOKS] as string);
  return {
    single: through((number) => publishCall(hooks[number % WEBHOOKS] as number, number), 1),
    batch: through(() => batchCall(types), BATCH),
    kafka: { publish: (events) => produce(system, events) },
  };
}

/** Onto `oms.events`, as a domain service would: a record an event, many a request. */
async function produce({ brokers, topicPrefix }: System, events: number): Promise<void> {
  if (!brokers) throw new Error('this system has no Kafka');
  const producer = new Kafka({ clientId: 'bench', brokers: [brokers], logLevel: 0 }).producer();
  await producer.connect();
  for (let sent = 0; sent < events; sent += KAFKA_RECORDS_A_SEND) {
    const messages = Array.from({ length: Math.min(KAFKA_RECORDS_A_SEND, events - sent) }, (_, n) => ({
      value: JSON.stringify({
        event_type: EVENT_TYPES[n % WEBHOOKS],
        instance: { pk: sent + n, model: 'package', data: DATA },
      }),
    }));
    await producer.send({ topic: `${topicPrefix}oms.events`, messages });
  }
  await producer.disconnect();
}

export async function measureThroughput(
  system: System,
  receiver: Receiver,
  road: Road,
  events: number,
): Promise<Throughput> {
  const all = receiver.expect(events);
  const before = await system.cpu();
  const logBefore = await walPosition(system);
  const startedAt = performance.now();
  await road.publish(events);
  const accepted = performance.now() - startedAt;
  await all;
  const delivered = performance.now() - startedAt;
  await recorded(system);
  const after = await system.cpu();
  const cpuPerEvent: Throughput['cpuPerEvent'] = { all: 0 };
  for (const name of PROCESSES) {
    const used = (after[name] ?? 0) - (before[name] ?? 0);
    if (name in after) cpuPerEvent[name] = used / events;
    cpuPerEvent.all += used / events;
  }
  const walPerEvent = ((await walPosition(system)) - logBefore) / events;
  return {
    accepted: (events * 1000) / accepted,
    delivered: (events * 1000) / delivered,
    cpuPerEvent,
    walPerEvent,
  };
}

async function walPosition({ database }: System): Promise<number> {
  const { rows } = await database.pool.query<{ bytes: string }>(
    `SELECT pg_current_wal_insert_lsn() - '0/0' AS bytes`,
  );
  return Number(rows[0]?.bytes);
}

/** Waits until nothing is under way any more: what was delivered is also recorded. */
export async function recorded({ database }: System): Promise<void> {
  for (;;) {
    const { rowCount } = await database.pool.query(
      'SELECT FROM webhook_event WHERE next_attempt_at IS NOT NULL LIMIT 1',
    );
    if (rowCount === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
