import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kafka } from 'kafkajs';
import { migrate, openDatabase, type Database } from '@oms-webhooks/db';
import { kafkaVictim } from '../../chaos/machine/kafka-victim.ts';
import { postgresVictim } from '../../chaos/machine/postgres-victim.ts';
import { quietPort } from '../../chaos/machine/quiet-port.ts';
import { service, type Service } from '../../chaos/machine/service-victim.ts';
import type { Victim } from '../../chaos/machine/victim.ts';
import { cpuMs, residentMiB } from './process-figures.ts';

export const TOKEN = 'bench-run-superuser-token';

export const PROCESSES = ['ingest API', 'dispatcher', 'PostgreSQL', 'Kafka'] as const;
export type PerProcess = Partial<Record<(typeof PROCESSES)[number], number>>;

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The system that is measured: one of each service, PostgreSQL that flushes to the disk, and Kafka unless left out. */
export interface System {
  apiUrl: string;
  ingestApi: Service;
  dispatcher: Service;
  /** This one, and those that were added. */
  dispatchers: readonly Service[];
  /** Starts another one beside it, ready when this resolves. */
  addDispatcher(): Promise<void>;
  brokers: string | undefined;
  topicPrefix: string;
  /** Where the broker keeps its records: a folder a partition. */
  kafkaLog: string;
  database: Database;
  /** CPU time so far, ms. */
  cpu(): Promise<PerProcess>;
  /** Resident memory, MiB. */
  memory(): Promise<PerProcess>;
  close(): Promise<void>;
}

export async function startSystem(options: {
  kafka: boolean;
  environment?: Record<string, string>;
  /** Of the topic on which events go to the dispatchers; otherwise as many as the services make. */
  partitions?: number | undefined;
}): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'oms-bench-'));
  chmodSync(folder, 0o755); // PostgreSQL may have to run as another user.
  mkdirSync(join(folder, 'log'));
  const topicPrefix = 'bench.';
  let isCutShort = false;
  const postgres = postgresVictim(folder, await quietPort());
  const kafka = options.kafka ? kafkaVictim(join(folder, 'kafka'), await quietPort(), 'lasting') : undefined;
  const serviceNamed = async (program: 'ingest-api' | 'dispatcher') =>
    service({
      name: program,
      program,
      port: await quietPort(),
      environment: {
        DATABASE_URL: postgres.url,
        ...(kafka && { KAFKA_BROKERS: kafka.brokers, KAFKA_TOPIC_PREFIX: topicPrefix }),
        API_TOKEN: TOKEN,
        DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8',
        ...options.environment,
      },
      logFile: join(folder, 'log', `${program}.log`),
      onUnexpectedEnd(how) {
        if (!isCutShort) throw new Error(`${how}: see ${folder}`);
      },
    });
  const ingestApi = await serviceNamed('ingest-api');
  const dispatcher = await serviceNamed('dispatcher');
  const dispatchers = [dispatcher];
  const victims: Record<(typeof PROCESSES)[number], Victim[]> = {
    'ingest API': [ingestApi],
    dispatcher: dispatchers,
    PostgreSQL: [postgres],
    Kafka: kafka ? [kafka] : [],
  };
  async function figures(of: (pids: number[]) => number): Promise<PerProcess> {
    const found: PerProcess = {};
    for (const name of PROCESSES) {
      const pids = await Promise.all(victims[name].map((victim) => victim.pids()));
      if (pids.length > 0) found[name] = of(pids.flat());
    }
    return found;
  }

  let database: Database | undefined;
  const closeAll = async () => {
    for (const signal of SIGNALS) process.off(signal, cutShort);
    await database?.close();
    await Promise.all([ingestApi, ...dispatchers].map((it) => it.end()));
    await Promise.all([...victims.PostgreSQL, ...victims.Kafka].map((it) => it.end()));
    rmSync(folder, { recursive: true, force: true });
  };
  /** One promise: what was being measured fails when its system goes, and must not end the process before that is gone. */
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= closeAll());
  /** Nothing that was started here outlives a bench that is stopped. */
  const cutShort = () => {
    isCutShort = true;
    void close().finally(() => process.exit(1));
  };
  for (const signal of SIGNALS) process.once(signal, cutShort);
  try {
    await Promise.all([postgres.start(), kafka?.start()]);
    if (kafka && options.partitions !== undefined)
      await createTopic(kafka.brokers, `${topicPrefix}oms.webhook-dispatch`, options.partitions);
    await migrate(postgres.url);
    database = await openDatabase({ url: postgres.url, applicationName: 'bench', poolSize: 2 });
    await Promise.all([ingestApi, dispatcher].map((it) => it.start().then(() => it.ready())));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    apiUrl: ingestApi.url,
    ingestApi,
    dispatcher,
    dispatchers,
    async addDispatcher() {
      const another = await serviceNamed('dispatcher');
      dispatchers.push(another);
      await another.start();
      await another.ready();
    },
    brokers: kafka?.brokers,
    topicPrefix,
    kafkaLog: join(folder, 'kafka', 'log'),
    database,
    cpu: () => figures(cpuMs),
    memory: () => figures(residentMiB),
    close,
  };
}

async function createTopic(brokers: string, topic: string, numPartitions: number): Promise<void> {
  const admin = new Kafka({ clientId: 'bench', brokers: [brokers], logLevel: 0 }).admin();
  await admin.connect();
  await admin.createTopics({ topics: [{ topic, numPartitions }], waitForLeaders: true });
  await admin.disconnect();
}
