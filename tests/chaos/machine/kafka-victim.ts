import { mkdirSync } from 'node:fs';
import { startKafka, type KafkaPlace, type StartedKafka } from '../../environment/kafka-broker.ts';
import { signal, type Victim } from './victim.ts';

/** A real single-node Kafka that keeps its data. */
export function kafkaVictim(
  dataDir: string,
  port: number,
  jvm: KafkaPlace['jvm'] = 'quick',
): Victim & { brokers: string } {
  let broker: StartedKafka | undefined;
  mkdirSync(dataDir, { recursive: true });
  const pids = () => (broker ? [broker.pid] : []);

  return {
    name: 'Kafka',
    brokers: `127.0.0.1:${port}`,
    pids: () => Promise.resolve(pids()),
    async start() {
      broker = await startKafka({ port, dataDir, jvm, log: () => undefined });
    },
    async kill() {
      signal(pids(), 'SIGKILL');
      await broker?.stop();
    },
    async end() {
      await broker?.stop();
    },
    freeze: () => Promise.resolve(signal(pids(), 'SIGSTOP')),
    thaw: () => signal(pids(), 'SIGCONT'),
  };
}
