import { Kafka, logLevel, type KafkaMessage, type Message, type Producer } from 'kafkajs';
import { eventually, startTarget, type Target } from '../environment/target.ts';
import { startSystem, type System } from './system.ts';

const EVENTS = '/api/v1/oms/events/';
const BROKERS = process.env['KAFKA_BROKERS'] ?? '';
const LIMIT_MS = 60_000;

describe('A domain service says what happened, and every webhook of the type hears it', () => {
  let system: System;
  const kafka = new Kafka({ brokers: BROKERS.split(','), logLevel: logLevel.NOTHING });
  let producer: Producer;
  let first: Target;
  let second: Target;

  beforeAll(async () => {
    [system, first, second] = await Promise.all([
      startSystem({ brokers: BROKERS }),
      startTarget(),
      startTarget(),
    ]);
    producer = kafka.producer();
    await producer.connect();
    await system.api.createHook(first.url);
    const shop = await system.clientOf('shop');
    await shop.createHook(second.url);
  }, LIMIT_MS);
  beforeEach(() => {
    for (const { received } of [first, second]) received.splice(0);
  });
  afterAll(async () => {
    await producer.disconnect();
    await system.close();
    await Promise.all([first.close(), second.close()]);
  }, LIMIT_MS);

  const event = (pk: number) => ({
    event_type: 'package.created',
    instance: { pk, model: 'package', data: { pk } },
  });
  const send = (...messages: Message[]) =>
    producer.send({ topic: `${system.topicPrefix}oms.events`, messages });
  const pks = ({ received }: Target) =>
    received
      .map(({ body }) => (JSON.parse(body) as { payload: { pk: number } }).payload.pk)
      .sort((one, other) => one - other);
  const heardByBoth = (wanted: number[]) =>
    eventually(() => [first, second].every((target) => pks(target).length >= wanted.length), {
      withinMs: LIMIT_MS,
      what: `${wanted.length} events at both targets`,
    }).then(() => expect([pks(first), pks(second)]).toEqual([wanted, wanted]));

  it('over REST, one by one and in batches', async () => {
    const single = await system.api.post(EVENTS, event(1));
    expect([single.status, single.json.events]).toEqual([202, [expect.any(Object), expect.any(Object)]]);
    const batch = await system.api.post(`${EVENTS}batch/`, { events: [event(2), {}, event(3)] });
    expect((batch.json.results as object[]).map((result) => Object.keys(result))).toEqual([
      ['events'],
      ['errors'],
      ['events'],
    ]);
    await heardByBoth([1, 2, 3]);
  });

  it(
    'over Kafka, natively and as CloudEvents, structured and binary',
    async () => {
      const attributes = { specversion: '1.0', source: '/oms', type: 'package.created' };
      const ce = Object.entries({ ...attributes, id: 'c', subject: 'package/13' });
      await send(
        { value: JSON.stringify(event(11)) },
        { value: JSON.stringify({ ...attributes, id: 'b', subject: 'package/12', data: { pk: 12 } }) },
        { value: '{"pk":13}', headers: Object.fromEntries(ce.map(([name, value]) => [`ce_${name}`, value])) },
      );
      await heardByBoth([11, 12, 13]);
    },
    LIMIT_MS,
  );

  it(
    'over Kafka past what cannot be read, which is set aside with the reason',
    async () => {
      const letters: KafkaMessage[] = [];
      const reader = kafka.consumer({ groupId: `${system.topicPrefix}spec` });
      await reader.connect();
      await reader.subscribe({ topic: `${system.topicPrefix}oms.events.dead-letter`, fromBeginning: true });
      await reader.run({ eachMessage: ({ message }) => Promise.resolve(void letters.push(message)) });
      await send({ value: 'not JSON', partition: 0 }, { value: JSON.stringify(event(21)), partition: 0 });
      await heardByBoth([21]);
      await eventually(() => letters.length > 0, { withinMs: LIMIT_MS, what: 'the dead letter' });
      await reader.disconnect();
      expect(letters.map(({ value }) => value?.toString())).toEqual(['not JSON']);
      expect(letters[0]?.headers?.['dead-letter-reason']?.toString()).toContain('JSON parse error');
    },
    2 * LIMIT_MS,
  );

  // Killed, it has not committed the offsets of the last second: the next one reads those records again.
  it(
    'over Kafka once, although the ingest API is killed and reads records again',
    async () => {
      const wanted = Array.from({ length: 40 }, (_, n) => 100 + n);
      await send(
        ...wanted.slice(0, 20).map((pk) => ({ value: JSON.stringify(event(pk)), partition: pk % 12 })),
      );
      await eventually(() => first.received.length > 0, { withinMs: LIMIT_MS, what: 'the first event' });
      await system.ingestApi.kill();
      await send(...wanted.slice(20).map((pk) => ({ value: JSON.stringify(event(pk)), partition: pk % 12 })));
      await system.ingestApi.start();
      await heardByBoth(wanted);
      const { rows } = await system.database.pool.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM webhook_event WHERE object_id::int >= 100`,
      );
      expect(rows).toEqual([{ count: 2 * wanted.length }]);
    },
    3 * LIMIT_MS,
  );
});
