import { randomUUID } from 'node:crypto';
import { describeBus } from '../bus-contract.ts';
import { createKafkaBus } from './kafka-bus.ts';

jest.setTimeout(120_000);

describeBus('Apache Kafka', async () => {
  const topicPrefix = `${randomUUID()}.`;
  const connect = () =>
    createKafkaBus({
      brokers: process.env['KAFKA_BROKERS']!.split(','),
      clientId: 'contract',
      topicPrefix,
      log: () => undefined,
    });
  const bus = connect();
  try {
    await bus.ensureTopics();
    await bus.ensureTopics(); // again is harmless
  } finally {
    await bus.close();
  }
  return { connect };
});
