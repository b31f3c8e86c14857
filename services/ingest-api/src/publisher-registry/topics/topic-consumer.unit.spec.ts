import { createMemoryBroker, RecordTooLargeError, type Bus } from '@oms-webhooks/bus';
import { setTimeout as wait } from 'node:timers/promises';
import { topicConsumer } from './topic-consumer.ts';
import type { TopicFanOut } from './topic-fan-out.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const LIMIT_MS = 20_000;

async function eventually(holds: () => boolean): Promise<void> {
  const giveUp = Date.now() + LIMIT_MS;
  while (!holds()) {
    if (Date.now() > giveUp) throw new Error(`not within ${LIMIT_MS} ms: ${String(holds)}`);
    await wait(10);
  }
}

/** A consumer over a broker in memory; `publish` decides what becomes of each message. */
function consumerUnderTest(publish: TopicFanOut['publish'], change: (bus: Bus) => Bus = (bus) => bus) {
  const broker = createMemoryBroker();
  const bus = broker.connect();
  const stopping = new AbortController();
  const consumer = topicConsumer({ bus: change(broker.connect()), fanOut: { publish }, log });
  const ended = consumer.run(stopping.signal);
  const letters: { reason: string | undefined; value: string }[] = [];
  void bus.consume({
    topic: 'entity.dead-letter',
    group: 'spec',
    signal: stopping.signal,
    handle: (records) => {
      for (const record of records) {
        letters.push({ reason: record.headers['dead-letter-reason'], value: record.value.toString() });
        record.done();
      }
    },
  });
  const send = (...values: string[]) =>
    bus.send(
      'entity',
      values.map((value) => ({ value, partition: 0 })),
    );
  const stop = async () => {
    stopping.abort();
    await ended;
    await bus.close();
  };
  return { send, letters, stop };
}

const databaseAway = () => Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
const message = (n: number) => `{"eventType":"T","n":${n}}`;

describe('The consumer of the registry topics', () => {
  it('waits while PostgreSQL is away, and sets nothing aside for it', async () => {
    let away = true;
    const published: string[] = [];
    const { send, letters, stop } = consumerUnderTest((_, { text }, __, attempt) =>
      attempt(() => {
        if (away) return Promise.reject(databaseAway());
        published.push(text);
        return Promise.resolve('published');
      }),
    );
    await send(message(1), 'no JSON', message(2));
    await eventually(() => letters.length === 1);
    expect(published).toEqual([]);
    away = false;
    await eventually(() => published.length === 2);
    expect(published).toEqual([message(1), message(2)]);
    expect(letters).toHaveLength(1);
    await stop();
  });

  it('names each record by its place and time', async () => {
    const keys: string[] = [];
    const { send, stop } = consumerUnderTest((_, __, { key }) => {
      keys.push(key);
      return Promise.resolve('published');
    });
    await send(message(1), message(1));
    await eventually(() => keys.length === 2);
    expect(keys).toEqual([
      expect.stringMatching(/^message entity\/0\/0\/[\d.]+$/),
      expect.stringMatching(/^message entity\/0\/1\/[\d.]+$/),
    ]);
    await stop();
  });

  it('sets aside what PostgreSQL refuses again and again, with the reason, and goes on', async () => {
    const published: string[] = [];
    const { send, letters, stop } = consumerUnderTest((_, { text }, __, attempt) =>
      attempt(() => {
        if (text.includes('"n":1')) return Promise.reject(new Error('not with us'));
        published.push(text);
        return Promise.resolve('published');
      }),
    );
    await send(message(1), message(2));
    await eventually(() => letters.length === 1 && published.length === 1);
    expect(letters[0]).toEqual({ reason: expect.stringContaining('not with us'), value: message(1) });
    await stop();
  });

  it('keeps the place of what is too large for a dead letter, without its content', async () => {
    const publish = () => Promise.resolve('published' as const);
    const { send, letters, stop } = consumerUnderTest(publish, (bus) => ({
      ...bus,
      send: (topic, records) =>
        records.some(({ value }) => value.length > 100)
          ? Promise.reject(new RecordTooLargeError('too large'))
          : bus.send(topic, records),
    }));
    await send(`{${' '.repeat(200)}`);
    await eventually(() => letters.length === 1);
    expect(letters[0]).toEqual({ reason: expect.stringContaining('JSON parse error'), value: '' });
    await stop();
  });
});
