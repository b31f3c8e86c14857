import { execFile, spawn } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { BrokerProcess } from './kafka-jvm.ts';

const run = promisify(execFile);
const IMAGE = 'apache/kafka:4.1.1';

/** Whether a Docker daemon answers. */
export const hasDocker = (): Promise<boolean> =>
  run('docker', ['info']).then(
    () => true,
    () => false,
  );

const settings = (port: number): Record<string, string> => ({
  KAFKA_PROCESS_ROLES: 'broker,controller',
  KAFKA_NODE_ID: '1',
  KAFKA_CONTROLLER_QUORUM_VOTERS: '1@127.0.0.1:9093',
  KAFKA_LISTENERS: 'PLAINTEXT://0.0.0.0:9092,CONTROLLER://127.0.0.1:9093',
  KAFKA_ADVERTISED_LISTENERS: `PLAINTEXT://127.0.0.1:${port}`,
  KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
  KAFKA_CONTROLLER_LISTENER_NAMES: 'CONTROLLER',
  KAFKA_INTER_BROKER_LISTENER_NAME: 'PLAINTEXT',
  KAFKA_LOG_DIRS: '/data/log',
  KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
  KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS: '0',
  KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR: '1',
  KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
});

/** The same broker as `startBrokerProcess`, in a container that goes when it stops; its data stays in `dataDir`. */
export async function startBrokerContainer(
  { port, dataDir }: { port: number; dataDir: string },
  log: (line: string) => void,
): Promise<BrokerProcess> {
  log(`Kafka: starting ${IMAGE} in Docker (the first time it is pulled)…`);
  const name = `oms-kafka-${port}`;
  await run('docker', ['pull', '-q', IMAGE]);
  const env = Object.entries(settings(port)).flatMap(([key, value]) => ['-e', `${key}=${value}`]);
  await chmod(dataDir, 0o777); // the image runs as a user of its own
  const volume = ['-v', `${dataDir}:/data`];
  const place = ['-p', `127.0.0.1:${port}:9092`, ...volume];
  const child = spawn('docker', ['run', '--rm', '--name', name, ...place, ...env, IMAGE], {
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const died = ended.then(() => {
    throw new Error(`The Kafka container ended (code ${child.exitCode}); see: docker logs ${name}`);
  });
  died.catch(() => undefined);
  return {
    pid: child.pid ?? 0,
    died,
    async stop() {
      await run('docker', ['stop', '-t', '10', name]).catch(() => undefined); // gone already
      await ended;
      // What the image's user wrote, whoever runs the tests must be able to remove.
      await run('docker', [
        'run',
        '--rm',
        ...volume,
        '--entrypoint',
        'sh',
        IMAGE,
        '-c',
        'chmod -R a+rwX /data/*',
      ]);
    },
  };
}
