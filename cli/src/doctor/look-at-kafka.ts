import { kafkaOptionsOf, missingTopics } from '@oms-webhooks/bus';
import { readSettings, SettingsError, variables } from '@oms-webhooks/config';
import { bad, doubtful, good, notLookedAt, reasonOf, type Finding } from './finding.ts';

const {
  KAFKA_BROKERS,
  KAFKA_SSL,
  KAFKA_SASL_MECHANISM,
  KAFKA_SASL_USERNAME,
  KAFKA_SASL_PASSWORD,
  KAFKA_TOPIC_PREFIX,
} = variables;
const kafkaVariables = {
  KAFKA_BROKERS,
  KAFKA_SSL,
  KAFKA_SASL_MECHANISM,
  KAFKA_SASL_USERNAME,
  KAFKA_SASL_PASSWORD,
  KAFKA_TOPIC_PREFIX,
};
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

/** The broker that the services of this shell would use. */
export async function lookAtKafka(environment: NodeJS.ProcessEnv): Promise<Finding> {
  try {
    const options = kafkaOptionsOf(readSettings(environment, kafkaVariables), 'doctor', log);
    if (!options) return notLookedAt('Kafka', 'KAFKA_BROKERS is not set: events go through PostgreSQL alone');
    const missing = await missingTopics(options);
    if (missing.length === 0) return good('Kafka', `${options.brokers.join(', ')}, all topics are there`);
    return doubtful(
      'Kafka',
      `has no ${missing.join(', ')}`,
      'The services make them when they start, if they may; else make them yourself.',
    );
  } catch (error) {
    if (error instanceof SettingsError) return notLookedAt('Kafka', 'its settings have faults');
    return bad(
      'Kafka',
      `cannot be reached: ${reasonOf(error)}`,
      'Is it up, and are KAFKA_BROKERS, KAFKA_SSL and KAFKA_SASL_* right?',
    );
  }
}
