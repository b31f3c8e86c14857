import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '@oms-webhooks/db';
import type { VictimName } from '../plan.ts';
import { kafkaVictim } from './kafka-victim.ts';
import { postgresVictim } from './postgres-victim.ts';
import { quietPort } from './quiet-port.ts';
import { service, type Service } from './service-victim.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';
import type { Victim } from './victim.ts';

export const TOKEN = 'chaos-run-superuser-token';
/** Requests end after this; a lease is 20 seconds longer. */
const DELIVERY_TIMEOUT_MS = 2_000;

export interface MachineOptions {
  /** PostgreSQL has a disk of its own that can be filled up. */
  smallDisk?: boolean;
  /** Services whose wall clocks can be stepped, and to which times (`ServiceOptions`). */
  clockSteps?: Partial<Record<VictimName, number[]>>;
  /** Settings of the services. */
  environment?: Record<string, string>;
}

/** The whole system as processes of this machine: two of each service, Kafka and PostgreSQL. */
export interface Machine {
  victims: Record<VictimName, Victim>;
  ingestApis: [Service, Service];
  dispatchers: [Service, Service];
  databaseUrl: string;
  /** Of PostgreSQL, where it was asked for. */
  disk: SmallDisk | undefined;
  brokers: string;
  topicPrefix: string;
  /** Logs of the services and of PostgreSQL. */
  folder: string;
  /** Services that ended though nobody had asked them to. */
  unexpectedEnds: string[];
  /** One more dispatcher, not yet started; it ends with the machine. */
  anotherDispatcher(): Promise<Service>;
  /** Ends every process; removes the folder unless it is to be looked at. */
  close(keepFolder: boolean): Promise<void>;
}

export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  const folder = mkdtempSync(join(tmpdir(), 'oms-chaos-'));
  chmodSync(folder, 0o755); // PostgreSQL may have to run as another user.
  const logs = join(folder, 'log');
  mkdirSync(logs);
  const databaseFolder = join(folder, 'database');
  const disk = options.smallDisk ? mountSmallDisk(databaseFolder) : undefined;
  const postgres = postgresVictim(disk ? databaseFolder : folder, await quietPort());
  const kafka = kafkaVictim(join(folder, 'kafka'), await quietPort());
  const topicPrefix = 'chaos.';
  const environment = {
    DATABASE_URL: postgres.url,
    KAFKA_BROKERS: kafka.brokers,
    KAFKA_TOPIC_PREFIX: topicPrefix,
    API_TOKEN: TOKEN,
    DELIVERY_TIMEOUT_MS: String(DELIVERY_TIMEOUT_MS),
    DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8',
    ...options.environment,
  };
  const unexpectedEnds: string[] = [];
  const serviceNamed = async (name: string, program: Parameters<typeof service>[0]['program']) => {
    const steps = options.clockSteps?.[name as VictimName];
    return service({
      name,
      program,
      port: await quietPort(),
      environment,
      logFile: join(logs, `${name.replace(' ', '-')}.log`),
      ...(steps && { clockSteps: steps }),
      onUnexpectedEnd: (how) => unexpectedEnds.push(how),
    });
  };
  const ingestApis: [Service, Service] = [
    await serviceNamed('ingest API 1', 'ingest-api'),
    await serviceNamed('ingest API 2', 'ingest-api'),
  ];
  const dispatchers: [Service, Service] = [
    await serviceNamed('dispatcher 1', 'dispatcher'),
    await serviceNamed('dispatcher 2', 'dispatcher'),
  ];
  const services = [...ingestApis, ...dispatchers];

  const close = async (keepFolder: boolean) => {
    for (const victim of [...services, kafka, postgres]) victim.thaw();
    await Promise.all(services.map((it) => it.kill()));
    await Promise.all([kafka.kill(), postgres.end()]);
    disk?.unmount();
    if (!keepFolder) rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all([postgres.start(), kafka.start()]);
    await migrate(postgres.url);
    await Promise.all(services.map((it) => it.start().then(() => it.ready())));
  } catch (error) {
    await close(true);
    throw error;
  }

  return {
    victims: {
      'ingest API 1': ingestApis[0],
      'ingest API 2': ingestApis[1],
      'dispatcher 1': dispatchers[0],
      'dispatcher 2': dispatchers[1],
      Kafka: kafka,
      PostgreSQL: postgres,
    },
    ingestApis,
    dispatchers,
    databaseUrl: postgres.url,
    disk,
    brokers: kafka.brokers,
    topicPrefix,
    folder,
    unexpectedEnds,
    async anotherDispatcher() {
      const more = await serviceNamed(`dispatcher ${services.length - 1}`, 'dispatcher');
      services.push(more);
      return more;
    },
    close,
  };
}
