import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { freePort } from './free-port.ts';
import { hasJavaAndMaven } from './kafka-jars.ts';
import { startBrokerProcess, type Jvm } from './kafka-jvm.ts';
import { hasDocker, startBrokerContainer } from './kafka-docker.ts';

const START_LIMIT_MS = 180_000;

export interface StartedKafka {
  /** `host:port`, comma list. */
  brokers: string;
  /** The broker's process (with Docker: the `docker run` that is attached to it); 0 for a broker that was given. */
  pid: number;
  /** Stops what was started, and removes its data unless the caller named the folder. */
  stop(): Promise<void>;
}

export interface KafkaPlace {
  /** Progress in words; by default lines on stderr. */
  log?: (line: string) => void;
  /** Default: a free one. Name it, with `dataDir`, to start the same broker again after `stop()` or a kill. */
  port?: number;
  /** Default: a temporary folder that goes with `stop()`. */
  dataDir?: string;
  /** Default: `quick`, as tests want it. Docker has its own. */
  jvm?: Jvm;
}

/**
 * A real Apache Kafka, ready to take records: `KAFKA_BROKERS` if set (and no place asked for), else a single KRaft
 * broker from Maven Central with Java, else Docker. Rejects at once, saying what to install, when there is none.
 */
export async function startKafka(place: KafkaPlace = {}): Promise<StartedKafka> {
  const log = place.log ?? ((line) => process.stderr.write(`${line}\n`));
  const given = process.env['KAFKA_BROKERS'];
  if (given && place.port === undefined && place.dataDir === undefined)
    return { brokers: given, pid: 0, stop: async () => {} };

  const startBroker = (await hasJavaAndMaven())
    ? startBrokerProcess
    : (await hasDocker())
      ? startBrokerContainer
      : undefined;
  if (!startBroker)
    throw new Error(
      'No Apache Kafka: set KAFKA_BROKERS, or install Java 17+ and Maven (Debian, Ubuntu: apt-get install openjdk-17-jdk-headless maven), or start Docker.',
    );

  const port = place.port ?? (await freePort());
  const dataDir = place.dataDir ?? (await mkdtemp(join(tmpdir(), 'oms-kafka-')));
  const removeData = async () => {
    if (place.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
  };
  try {
    const broker = await startBroker({ port, dataDir, jvm: place.jvm }, log);
    const stop = async () => {
      await broker.stop();
      await removeData();
    };
    const brokers = `127.0.0.1:${port}`;
    await Promise.race([ready(brokers), broker.died]).catch(async (error: unknown) => {
      await broker.stop();
      throw error;
    });
    return { brokers, pid: broker.pid, stop };
  } catch (error) {
    await removeData();
    throw error;
  }
}

/** Resolves when the broker lists itself as a member of its cluster: it is past start-up and unfenced. */
async function ready(brokers: string): Promise<void> {
  const giveUp = Date.now() + START_LIMIT_MS;
  const kafka = new Kafka({
    brokers: [brokers],
    logLevel: logLevel.NOTHING,
    // Of a machine that has other things to do; a port that nobody listens on refuses at once.
    connectionTimeout: 10_000,
    retry: { retries: 0 },
  });
  for (;;) {
    const admin = kafka.admin();
    try {
      await admin.connect();
      if ((await admin.describeCluster()).brokers.length > 0) return;
    } catch (error) {
      if (Date.now() > giveUp)
        throw new Error(`Kafka at ${brokers} did not answer within ${START_LIMIT_MS / 1000} s`, {
          cause: error,
        });
    } finally {
      await admin.disconnect();
    }
    await wait(100);
  }
}
