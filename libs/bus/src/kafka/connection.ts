import { connect as connectTcp, isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';
import './nothing-read.ts';
import './quiet-connections.ts';
import { Kafka, logLevel, type ISocketFactoryArgs, type KafkaConfig, type SASLOptions } from 'kafkajs';

export type BusLog = (entry: { level: 'debug' | 'info' | 'warn' | 'error'; message: string }) => void;

export interface KafkaOptions {
  /** `host:port` each. */
  brokers: string[];
  clientId: string;
  ssl?: boolean | undefined;
  sasl?:
    | { mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; username: string; password: string }
    | undefined;
  /** Put before the name of every topic and group; default none. */
  topicPrefix?: string | undefined;
  /** Default 2000. */
  sendTimeoutMs?: number | undefined;
  log: BusLog;
  now?: () => number;
}

/** KafkaJS leaves Nagle's algorithm on: a request behind an unacknowledged one would wait up to 40 ms. */
function openSocket({ host, port, ssl, onConnect }: ISocketFactoryArgs) {
  const servername = isIP(host) ? {} : { servername: host };
  const socket = (ssl as unknown)
    ? connectTls({ host, port, ...servername, ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  return socket.setKeepAlive(true, 60_000).setNoDelay(true);
}

/** A KafkaJS client. KafkaJS calls every reconnection an error; what matters is logged by the bus, the rest is `debug`. */
export function kafkaClient(
  { brokers, clientId, ssl, sasl, log }: KafkaOptions,
  config: Pick<KafkaConfig, 'requestTimeout' | 'retry'>,
): Kafka {
  return new Kafka({
    brokers,
    clientId,
    ssl: ssl ?? false,
    ...(sasl && { sasl: sasl as SASLOptions }),
    connectionTimeout: 1_000,
    ...config,
    socketFactory: openSocket,
    logLevel: logLevel.WARN,
    logCreator:
      () =>
      ({ namespace, log: { message } }) =>
        log({ level: 'debug', message: `kafkajs ${namespace}: ${message}` }),
  });
}
