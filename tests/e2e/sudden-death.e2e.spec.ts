import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../environment/free-port.ts';
import { startKafka } from '../environment/kafka-broker.ts';
import { eventually, startTarget } from '../environment/target.ts';
import { arrivals, repetitions, LEASE_LIMIT_MS, startSystem } from './system.ts';

const LIMIT_MS = 180_000;

/** Kills the dispatcher while requests are in flight, and watches who arrives twice. */
async function killTheDispatcher(brokers: string | undefined): Promise<void> {
  const target = await startTarget((response) => void setTimeout(() => response.end('ok'), 250));
  const system = await startSystem({
    ...(brokers && { brokers }),
    environment: { WEBHOOK_CONCURRENCY: '10' },
  });
  try {
    const { id } = await system.api.createHook(target.url);
    const ledger = await Promise.all(
      Array.from({ length: 60 }, (_, pk) => system.api.publish(id, { pk, data: {} })),
    );
    await eventually(() => target.received.length >= 25, { what: 'being in mid-flight' });
    await system.dispatcher.kill();
    const { rows } = await system.database.pool.query<{ uuid: string }>(
      `SELECT uuid FROM webhook_event WHERE state = 'delivered'`,
    );
    const recorded = new Set(rows.map(({ uuid }) => uuid));
    const inFlight = [...arrivals(target).keys()].filter((uuid) => !recorded.has(uuid));
    expect(inFlight.length).toBeGreaterThan(0);
    expect(ledger.length - recorded.size).toBeGreaterThan(inFlight.length);

    await system.dispatcher.start();
    await eventually(() => arrivals(target).size === ledger.length, {
      withinMs: LEASE_LIMIT_MS,
      what: 'every event arriving within the lease',
    });
    await eventually(
      async () =>
        (await Promise.all(ledger.map((uuid) => system.api.event(uuid)))).every(({ delivered }) => delivered),
      { withinMs: LEASE_LIMIT_MS, what: 'every event being recorded' },
    );
    const twice = await repetitions(system, target);
    expect([...twice.keys()].sort()).toEqual(inFlight.sort());
    expect([...twice.values()].every((times) => times === 1)).toBe(true);
  } finally {
    await system.close();
    await target.close();
  }
}

// Each waits for a lease to run out; together they wait once.
describe('After a kill -9, every event that was answered 202 arrives', () => {
  it.concurrent(
    'of the dispatcher in mid-flight, with Kafka; only what was in flight comes twice',
    () => killTheDispatcher(process.env['KAFKA_BROKERS']),
    LIMIT_MS,
  );

  it.concurrent(
    'of the dispatcher in mid-flight, without a broker; only what was in flight comes twice',
    () => killTheDispatcher(undefined),
    LIMIT_MS,
  );

  it.concurrent(
    'of the ingest API between the commit and the message to Kafka',
    async () => {
      const place = { port: await freePort(), dataDir: await mkdtemp(join(tmpdir(), 'oms-kafka-')) };
      const [kafka, target] = await Promise.all([startKafka(place), startTarget()]);
      const system = await startSystem({ brokers: kafka.brokers });
      try {
        const { id } = await system.api.createHook(target.url);
        const first = await system.api.publish(id, { pk: 1, data: {} });
        await eventually(() => target.received.length === 1, { withinMs: LEASE_LIMIT_MS });

        // Frozen, it is not yet known to be away: the event is leased, and its message waits for an answer.
        process.kill(kafka.pid, 'SIGSTOP');
        const second = await system.api.publish(id, { pk: 2, data: {} });
        await system.ingestApi.kill();
        process.kill(kafka.pid, 'SIGKILL');
        const { rows } = await system.database.pool.query<{ leased: boolean }>(
          'SELECT next_attempt_at > now() AS leased FROM webhook_event WHERE uuid = $1',
          [second],
        );
        expect(rows).toEqual([{ leased: true }]);
        await eventually(() => target.received.length === 2, {
          withinMs: LEASE_LIMIT_MS,
          what: 'the event arriving when its lease has run out',
        });
        expect([...arrivals(target)]).toEqual([
          [first, 1],
          [second, 1],
        ]);
      } finally {
        await system.close();
        await Promise.all([kafka.stop(), target.close()]);
        await rm(place.dataDir, { recursive: true, force: true });
      }
    },
    LIMIT_MS,
  );
});
