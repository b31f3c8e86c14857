import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../environment/free-port.ts';
import { startKafka, type StartedKafka } from '../environment/kafka-broker.ts';
import { eventually, startTarget, type Target } from '../environment/target.ts';
import { arrivals, repetitions, startSystem } from './system.ts';

interface Broker {
  pid(): number;
  stop(): Promise<void>;
  /** The same broker, with its data. */
  startAgain(): Promise<void>;
}

/**
 * Publishes on a system with a broker of its own until `during` has ended; every event must
 * arrive, once.
 */
async function publishing(during: (target: Target, broker: Broker) => Promise<void>): Promise<void> {
  const place = { port: await freePort(), dataDir: await mkdtemp(join(tmpdir(), 'oms-kafka-')) };
  let kafka: StartedKafka = await startKafka(place);
  const [system, target] = await Promise.all([startSystem({ brokers: kafka.brokers }), startTarget()]);
  const broker = {
    pid: () => kafka.pid,
    stop: () => kafka.stop(),
    async startAgain() {
      kafka = await startKafka(place);
    },
  };
  try {
    const { id } = await system.api.createHook(target.url);
    const ledger: string[] = [];
    let ended = false;
    const watched = during(target, broker).finally(() => (ended = true));
    const publishers = Array.from({ length: 4 }, async () => {
      while (!ended) ledger.push(await system.api.publish(id, { pk: ledger.length, data: {} }));
    });
    await Promise.all([watched, ...publishers]);

    await eventually(
      async () => {
        const { rows } = await system.database.pool.query(
          `SELECT FROM webhook_event WHERE state <> 'delivered' LIMIT 1`,
        );
        return rows.length === 0;
      },
      { what: 'every event being delivered', withinMs: 60_000 },
    );
    expect([...arrivals(target).keys()].sort()).toEqual(ledger.toSorted());
    expect([...(await repetitions(system, target))]).toEqual([]);
  } finally {
    await system.close();
    await Promise.all([kafka.stop(), target.close()]);
    await rm(place.dataDir, { recursive: true, force: true });
  }
}

const arriving = ({ received }: Target, howMany: number, when: string) => {
  const before = received.length;
  return eventually(() => received.length >= before + howMany, { what: `arriving ${when}` });
};

describe('While Kafka is away, events are taken and arrive', () => {
  it.concurrent(
    'through a stop and a start of the broker, soon and once',
    () =>
      publishing(async (target, broker) => {
        await arriving(target, 20, 'through Kafka');
        await broker.stop();
        await arriving(target, 20, 'without Kafka');
        await broker.startAgain();
        await arriving(target, 100, 'when Kafka is back');
      }),
    180_000,
  );

  // A broker that hung takes late what the ingest API has given up and left to the due-scan.
  it.concurrent(
    'while the broker hangs and after it goes on, soon and once',
    () =>
      publishing(async (target, broker) => {
        await arriving(target, 20, 'through Kafka');
        process.kill(broker.pid(), 'SIGSTOP');
        try {
          await arriving(target, 20, 'without Kafka');
        } finally {
          process.kill(broker.pid(), 'SIGCONT');
        }
        await arriving(target, 100, 'when Kafka goes on');
      }),
    180_000,
  );
});
