import { createMemoryBroker, type Bus, type IncomingRecord, type OutgoingRecord } from '@oms-webhooks/bus';
import { Subscribers, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { eventually } from '../../../../tests/environment/target.ts';
import { EventTypes } from '../event-types/event-types.ts';
import { EventIntake } from '../webhook-events/event-intake.ts';
import { DomainEventReader } from './domain-event.ts';
import { domainEventsConsumer } from './domain-events-consumer.ts';
import { FanOut } from './fan-out.ts';

describe('the consumer of oms.events', () => {
  let database: Database;
  let bus: Bus;
  let intake: EventIntake;
  let stop: () => Promise<void>;
  let deadLetters: IncomingRecord[];
  /** Errors that the next queries fail with. */
  const faults: Error[] = [];

  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`INSERT INTO account (name) VALUES ('akinon')`);
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(async () => {
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook; DELETE FROM idempotency_key');
    await database.pool.query(
      `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
       VALUES (1, 'http://127.0.0.1/', 'package.created', '{"choice":"fixed","kwargs":{"seconds":60}}')`,
    );
    faults.splice(0);
    deadLetters = [];
    bus = createMemoryBroker().connect();
    const pool = new Proxy(database.pool, {
      get(target, name) {
        if (name === 'query')
          return (...of: [string]) => {
            const fault = faults.shift();
            return fault ? Promise.reject(fault) : target.query(...of);
          };
        return Reflect.get(target, name) as unknown;
      },
    });
    intake = new EventIntake({
      pool,
      road: { carries: () => false, take: () => Promise.resolve() },
      leaseSeconds: 30,
    });
    const eventTypes = new EventTypes({
      pool,
      configured: {
        'order.returned': { description: '', schema: { required: ['id'] }, example: null },
      },
    });
    const worker = domainEventsConsumer({
      bus,
      domainEvents: new DomainEventReader({
        eventTypes,
        contentTypes: { package: { id: 4, path: '/packages/{pk}/' } },
      }),
      fanOut: new FanOut({ intake, subscribers: new Subscribers(pool) }),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    });
    const stopping = new AbortController();
    const running = [
      worker.run(stopping.signal),
      bus.consume({
        topic: 'oms.events.dead-letter',
        group: 'spec',
        signal: stopping.signal,
        handle: (records) => {
          deadLetters.push(...records);
          for (const record of records) record.done();
        },
      }),
    ];
    stop = async () => {
      stopping.abort();
      await Promise.all(running);
    };
  });
  afterEach(async () => {
    await stop();
    await bus.close();
    await intake.drained();
  });

  const native = (pk: number, more: object = {}) =>
    JSON.stringify({
      event_type: 'package.created',
      instance: { pk, model: 'package', data: { pk } },
      ...more,
    });
  const send = (...records: OutgoingRecord[]) => bus.send('oms.events', records);
  const stored = async () => {
    const { rows } = await database.pool.query<{
      object_id: string;
      payload: string;
      traceparent: string | null;
    }>('SELECT object_id, payload, traceparent FROM webhook_event ORDER BY id');
    return rows;
  };
  const taken = (count: number) =>
    eventually(async () => (await stored()).length === count, { what: `${count} events`, withinMs: 20_000 });
  const setAside = (count: number) =>
    eventually(() => deadLetters.length === count, { what: `${count} dead letters`, withinMs: 20_000 });

  it('publishes native events and CloudEvents, structured and binary', async () => {
    const attributes = { specversion: '1.0', source: '/oms', type: 'package.created' };
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await send({
      value: '{"event_type":"package-created","instance":{"pk":1,"model":"package","data":{"n":1.0}}}',
      headers: { traceparent },
    });
    await send({ value: JSON.stringify({ ...attributes, id: '2', subject: 'package/2', data: {} }) });
    await send({
      value: JSON.stringify({ ...attributes, id: '3', subject: 'package/3' }),
      headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' },
    });
    const ce = Object.entries({ ...attributes, id: '4', subject: 'package/4' });
    const headers = Object.fromEntries(ce.map(([name, value]) => [`ce_${name}`, value]));
    await send({ value: '{ "n": 1.10 }', headers });
    await taken(4);
    expect((await stored()).sort((a, b) => a.object_id.localeCompare(b.object_id))).toEqual([
      { object_id: '1', payload: '{"n":1.0}', traceparent },
      { object_id: '2', payload: '{}', traceparent: null },
      { object_id: '3', payload: null, traceparent: null },
      { object_id: '4', payload: '{ "n": 1.10 }', traceparent: null },
    ]);
  });

  it('sets aside what it cannot take, with the reason, and goes on', async () => {
    const bad = [
      'not JSON',
      '{}',
      native(1, { event_type: 'package.lost' }),
      JSON.stringify({ event_type: 'order.returned', instance: { pk: 1, model: 'package', data: {} } }),
      JSON.stringify({ specversion: '1.0', id: '1', source: '/', type: 'package.created' }),
      native(1, { idempotency_key: 'a b' }),
    ];
    await send(...bad.map((value) => ({ value, partition: 3 })), { value: native(7), partition: 3 });
    await taken(1);
    await setAside(bad.length);
    const reasonOf = (value: string) =>
      deadLetters.find((letter) => letter.value.toString() === value)?.headers['dead-letter-reason'];
    expect(bad.map(reasonOf)).toEqual([
      expect.stringContaining('JSON parse error'),
      '{"event_type":["This field is required."],"instance":["This field is required."]}',
      '{"event_type":["\\"package.lost\\" is not a valid choice."]}',
      `{"instance":{"data":["must have required property 'id'"]}}`,
      '{"subject":["This field is required."]}',
      '{"idempotency_key":["Must be 1 to 255 printable ASCII characters without spaces."]}',
    ]);
    expect(deadLetters[0]?.headers).toMatchObject({
      'dead-letter-topic': 'oms.events',
      'dead-letter-partition': '3',
    });
  });

  it('publishes one event of a key, however often it comes, and sets another body under it aside', async () => {
    const keyed = native(1, { idempotency_key: 'order-1' });
    await send({ value: keyed }, { value: keyed });
    await taken(1);
    await send({ value: native(2, { idempotency_key: 'order-1' }) });
    await setAside(1);
    expect(deadLetters[0]?.headers['dead-letter-reason']).toMatch(/used for another event/);
    expect(await stored()).toHaveLength(1);
  });

  it('waits while PostgreSQL is away, and loses and sets aside nothing', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    faults.push(...Array.from({ length: 40 }, () => away));
    await send(...Array.from({ length: 50 }, (_, pk) => ({ value: native(pk), partition: pk % 12 })));
    await taken(50);
    expect(deadLetters).toEqual([]);
    expect(faults).toEqual([]);
  });

  it('sets aside what PostgreSQL refuses again and again', async () => {
    faults.push(...Array.from({ length: 4 }, () => new Error('it hurts')));
    await send({ value: native(1) });
    await setAside(1);
    expect(deadLetters[0]?.headers['dead-letter-reason']).toBe('PostgreSQL refuses it: it hurts');
    await send({ value: native(2) });
    await taken(1);
  });

  it('ends at once while PostgreSQL is away', async () => {
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    faults.push(...Array.from({ length: 10_000 }, () => away));
    await send({ value: native(1) });
    await eventually(() => faults.length < 10_000, { what: 'a first try', withinMs: 20_000 });
    await stop();
    faults.splice(0);
    expect(await stored()).toEqual([]);
  });
});
