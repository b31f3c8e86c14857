import { randomUUID } from 'node:crypto';
import { eventually } from '../bus-contract.ts';
import { createKafkaBus } from './kafka-bus.ts';

describe('A consumer on a broker that has no topics yet', () => {
  it('waits while they are created, and warns of nothing', async () => {
    const warnings: string[] = [];
    const bus = createKafkaBus({
      brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
      clientId: 'first-start',
      topicPrefix: `first-${randomUUID()}.`,
      sendTimeoutMs: 20_000,
      log: ({ level, message }) => void (level === 'debug' || level === 'info' || warnings.push(message)),
    });
    const received: string[] = [];
    const stopping = new AbortController();
    const created = bus.ensureTopics();
    const consuming = bus.consume({
      topic: 'oms.events',
      group: 'first-start',
      signal: stopping.signal,
      handle: (records) =>
        records.forEach((record) => {
          received.push(record.value.toString());
          record.done();
        }),
    });
    await created;
    await bus.send('oms.events', [{ value: 'first' }]);
    await eventually(() => received.includes('first'), 30_000);
    stopping.abort();
    await consuming;
    await bus.close();
    expect(warnings).toEqual([]);
  });
});
