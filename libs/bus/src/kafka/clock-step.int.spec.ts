import { randomBytes } from 'node:crypto';
import { eventually } from '../bus-contract.ts';
import { createKafkaBus } from './kafka-bus.ts';

const HOUR_MS = 3_600_000;

describe('A consumer whose wall clock steps', () => {
  afterEach(() => jest.restoreAllMocks());

  it.each([-HOUR_MS, HOUR_MS])(
    'by %i ms joins its group anew and goes on',
    async (step) => {
      const lines: string[] = [];
      const bus = createKafkaBus({
        brokers: (process.env['KAFKA_BROKERS'] ?? '').split(','),
        clientId: 'stepping',
        topicPrefix: `step-${randomBytes(4).toString('hex')}.`,
        sendTimeoutMs: 20_000,
        log: ({ message }) => lines.push(message),
      });
      await bus.ensureTopics();
      const received: string[] = [];
      const stopping = new AbortController();
      const consuming = bus.consume({
        topic: 'oms.events',
        group: 'stepping',
        signal: stopping.signal,
        handle: (records) =>
          records.forEach((record) => {
            received.push(record.value.toString());
            record.done();
          }),
      });
      await bus.send('oms.events', [{ value: 'before' }]);
      await eventually(() => received.includes('before'), 30_000);

      const rightNow = Date.now.bind(Date);
      jest.spyOn(Date, 'now').mockImplementation(() => rightNow() + step);
      await eventually(() => lines.some((line) => line.includes('the wall clock has stepped')), 30_000);
      await bus.send('oms.events', [{ value: 'after' }]);
      await eventually(() => received.includes('after'), 30_000);
      jest.restoreAllMocks();
      stopping.abort();
      await consuming;
      await bus.close();
    },
    120_000,
  );
});
