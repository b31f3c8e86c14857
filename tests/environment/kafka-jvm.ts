import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from './free-port.ts';
import { kafkaJars } from './kafka-jars.ts';

const CLUSTER_ID = 'oms-webhooks-local-aaa'; // 22 characters of URL-safe base64, as Kafka demands
/**
 * How the JVM runs. `quick` starts 1–2 s sooner than the JVM's defaults, which a broker for tests never lives long enough to
 * earn back; `lasting` is what Kafka's own start script gives it, less memory apart.
 */
const JVM = {
  quick: ['-Xmx512m', '-Xms128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-Dlog4j2.level=ERROR'],
  lasting: [
    ...[
      '-Xmx512m',
      '-Xms512m',
      '-XX:+UseG1GC',
      '-XX:MaxGCPauseMillis=20',
      '-XX:InitiatingHeapOccupancyPercent=35',
    ],
    ...['-XX:+ExplicitGCInvokesConcurrent', '-XX:MaxInlineLevel=15', '-Dlog4j2.level=ERROR'],
  ],
} as const;

export type Jvm = keyof typeof JVM;

const serverProperties = (port: number, controllerPort: number, dataDir: string): string => `
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:${controllerPort}
listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}
advertised.listeners=PLAINTEXT://127.0.0.1:${port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs=${join(dataDir, 'log')}
auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# Tests make hundreds of partitions; the default maps 20 MiB of index files for each.
log.index.size.max.bytes=262144
`;

export interface BrokerProcess {
  pid: number;
  /** Rejects when the process ends, with the last lines that it wrote. */
  died: Promise<never>;
  /** SIGTERM, and SIGKILL after ten seconds; resolves when the process is gone. */
  stop(): Promise<void>;
}

/** Starts one broker on `port` with its data in `dataDir`, which may hold the data of an earlier run. */
export async function startBrokerProcess(
  { port, dataDir, jvm = 'quick' }: { port: number; dataDir: string; jvm?: Jvm | undefined },
  log: (line: string) => void,
): Promise<BrokerProcess> {
  const classPath = join(await kafkaJars(log), '*');
  const properties = join(dataDir, 'server.properties');
  await writeFile(properties, serverProperties(port, await freePort(), dataDir));
  if (!existsSync(join(dataDir, 'log', 'meta.properties'))) {
    const format = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER_ID, '-c', properties];
    await promisify(execFile)('java', [...JVM.quick, '-cp', classPath, ...format]);
  }

  const child = spawn('java', [...JVM[jvm], '-cp', classPath, 'kafka.Kafka', properties], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const killWithUs = () => child.kill('SIGKILL');
  process.once('exit', killWithUs);
  let lastWords = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (lastWords = (lastWords + chunk.toString()).slice(-4000)));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const died = Promise.race([ended, new Promise<never>((_, reject) => child.once('error', reject))]).then(
    () => {
      process.off('exit', killWithUs);
      throw new Error(
        `The Kafka broker ended (code ${child.exitCode}, signal ${child.signalCode}).\n${lastWords}`,
      );
    },
  );
  died.catch(() => undefined);
  if (child.pid === undefined) return died;

  return {
    pid: child.pid,
    died,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const impatience = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(impatience);
    },
  };
}
