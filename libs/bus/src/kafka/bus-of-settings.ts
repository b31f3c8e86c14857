import type { Log } from '@oms-webhooks/telemetry';
import type { Bus } from '../bus.ts';
import type { KafkaOptions } from './connection.ts';
import { createKafkaBus } from './kafka-bus.ts';

/** The environment variables that say where Kafka is. */
export interface KafkaSettings {
  KAFKA_BROKERS: string[] | undefined;
  KAFKA_SSL: boolean;
  KAFKA_SASL_MECHANISM: 'plain' | 'scram-sha-256' | 'scram-sha-512' | undefined;
  KAFKA_SASL_USERNAME: string | undefined;
  KAFKA_SASL_PASSWORD: string | undefined;
  KAFKA_TOPIC_PREFIX: string;
}

/** How to reach the broker that the settings name; undefined where there is none. */
export function kafkaOptionsOf(
  settings: KafkaSettings,
  clientId: string,
  log: Log,
): KafkaOptions | undefined {
  const brokers = settings.KAFKA_BROKERS;
  if (!brokers || brokers.length === 0) return undefined;
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = settings;
  return {
    brokers,
    clientId,
    ssl: settings.KAFKA_SSL,
    sasl: mechanism && username && password ? { mechanism, username, password } : undefined,
    topicPrefix: settings.KAFKA_TOPIC_PREFIX,
    log: ({ level, message }) => log[level](message),
  };
}

/** The bus that the settings ask for; undefined where there is no broker. */
export function busOfSettings(settings: KafkaSettings, clientId: string, log: Log): Bus | undefined {
  const options = kafkaOptionsOf(settings, clientId, log);
  return options && createKafkaBus(options);
}
