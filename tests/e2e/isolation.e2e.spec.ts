import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { EVENTS } from './api-client.ts';
import { arrivals, startSystem, type System } from './system.ts';

describe('Traps that others fell into', () => {
  let system: System;
  const targets: Target[] = [];
  const newTarget = async (...answer: Parameters<typeof startTarget>) => {
    const target = await startTarget(...answer);
    targets.push(target);
    return target;
  };
  beforeAll(async () => {
    system = await startSystem({
      ...(process.env['KAFKA_BROKERS'] && { brokers: process.env['KAFKA_BROKERS'] }),
      environment: { DELIVERY_CONCURRENCY: '16', WEBHOOK_CONCURRENCY: '8' },
    });
  });
  afterAll(() => system.close());
  afterEach(() => Promise.all(targets.splice(0).map((target) => target.close())));

  const publishMany = (hook: number, howMany: number) =>
    Promise.all(Array.from({ length: howMany }, (_, pk) => system.api.publish(hook, { pk, data: {} })));

  it('a subscriber that hangs holds nobody else up', async () => {
    const [hanging, healthy] = await Promise.all([newTarget(() => undefined), newTarget()]);
    const [sick, well] = await Promise.all([
      system.api.createHook(hanging.url),
      system.api.createHook(healthy.url),
    ]);
    await publishMany(sick.id, 200);
    await eventually(() => hanging.received.length > 0);
    await publishMany(well.id, 100);
    await eventually(() => arrivals(healthy).size === 100, { what: 'the healthy subscriber being served' });
    // 200 requests of a second each, 8 at once, take 25 s: most were still waiting.
    expect(arrivals(hanging).size).toBeLessThan(200);
    await system.api.call('DELETE', `/whisperer/hooks/${sick.id}/`);
  });

  it('a failing webhook of an event type causes no repeats at the others', async () => {
    const failing = await newTarget((response, _, number) =>
      response.writeHead(number < 4 ? 500 : 200).end(),
    );
    const others = await Promise.all([newTarget(), newTarget(), newTarget()]);
    const hooks = await Promise.all([failing, ...others].map(({ url }) => system.api.createHook(url)));
    for (const { id } of hooks) await system.api.publish(id, { pk: 1, data: {} });
    await eventually(() => failing.received.length === 4, { what: 'the repeats' });
    expect(others.map(({ received }) => received.length)).toEqual([1, 1, 1]);
  });

  it('every attempt of an event carries the same bytes, signature and id', async () => {
    const target = await newTarget((response, _, number) => response.writeHead(number < 5 ? 503 : 200).end());
    const { id } = await system.api.createHook(target.url, { secret_key: 'gizli-anahtar-ş' });
    const uuid = await system.api.publish(id, { pk: 1, data: { z: 1, a: { ş: '\u2028' }, 10: 'x', 9: 'y' } });
    await eventually(async () => (await system.api.event(uuid)).delivered);
    const distinct = (of: (request: Target['received'][number]) => unknown) =>
      new Set(target.received.map(of)).size;
    expect(target.received).toHaveLength(5);
    expect(distinct(({ body }) => body)).toBe(1);
    expect(distinct(({ headers }) => headers['x-whisperer-signature'])).toBe(1);
    expect(distinct(({ headers }) => headers['webhook-id'])).toBe(1);
    expect(target.received.map(({ headers }) => headers['x-whisperer-attempt'])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
  });

  it.each([301, 302, 304, 307, 400, 401, 404, 409, 429])('an answer of %i is no success', async (status) => {
    const target = await newTarget(respond(status, '', { location: '/elsewhere' }));
    const { id } = await system.api.createHook(target.url, {
      config: { max_attempts: 2, recovery_attempts: 0 },
    });
    const uuid = await system.api.publish(id, { pk: 1, data: {} });
    const event = await eventually(async () => {
      const shown = await system.api.event(uuid);
      return shown.state === 'exhausted' ? shown : undefined;
    });
    expect(event).toMatchObject({ delivered: false, response_http_status: status, retry_count: 2 });
    expect(target.received.map(({ path }) => path)).toEqual(['/', '/']);
  });

  it('ids past 2^31 are JSON numbers, and object ids that a number cannot hold are kept as text', async () => {
    const target = await newTarget();
    const { id } = await system.api.createHook(target.url);
    await system.database.pool.query(`SELECT setval('webhook_event_id_seq', 9007199254740000)`);
    const pks = ['9007199254740991', '9007199254740993', '007', 'PK-ş', '0'];
    for (const pk of pks) await system.api.publish(id, { pk, data: {} });
    const { text, json } = await system.api.get(`${EVENTS}?webhook=${id}`);
    expect(text).toContain('"id":9007199254740001,');
    const results = json.results as { object_id: unknown }[];
    expect(results.map(({ object_id }) => object_id)).toEqual([
      0,
      'PK-ş',
      '007',
      '9007199254740993',
      9007199254740991,
    ]);
    expect((await system.api.get(`${EVENTS}9007199254740001/`)).json.object_id).toBe(9007199254740991);
    await eventually(() => target.received.length === pks.length);
  });

  it('microseconds survive, in lists and in filters', async () => {
    const target = await newTarget();
    const { id } = await system.api.createHook(target.url);
    const uuid = await system.api.publish(id, { pk: 1, data: {} });
    await eventually(async () => (await system.api.event(uuid)).delivered);
    const { rows } = await system.database.pool.query<{ created: string; requested: string }>(
      `SELECT to_char(created_date AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS created,
              to_char(request_datetimes[1] AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS requested
         FROM webhook_event WHERE uuid = $1`,
      [uuid],
    );
    const event = await system.api.event(uuid);
    expect([event.created_date, event.request_datetimes[0]]).toEqual([rows[0]?.created, rows[0]?.requested]);
    const count = async (filter: string) =>
      (await system.api.get(`${EVENTS}?uuid=${uuid}&created_date${filter}=${event.created_date}`)).json
        .count as number;
    expect(await Promise.all(['', '__gte', '__lte', '__gt', '__lt'].map(count))).toEqual([1, 1, 1, 0, 0]);
  });
});
