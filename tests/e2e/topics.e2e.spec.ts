import { Kafka, logLevel, type Producer } from 'kafkajs';
import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { EVENTS, TOKENS } from './api-client.ts';
import { startCommand } from './command-line.ts';
import { startSystem, type System } from './system.ts';

const BROKERS = process.env['KAFKA_BROKERS'] ?? '';
const LIMIT_MS = 60_000;
const OS1 = '/core/api/v1/webhooks';
const SIGNATURE_KEY = 'c2lnbmF0dXJlLWtleQ==';

type Topic = 'participant' | 'entity' | 'container';

describe('The topics participant, entity and container', () => {
  const kafka = new Kafka({ brokers: BROKERS.split(','), logLevel: logLevel.NOTHING });
  let oms: Target;
  let target: Target;
  let system: System;
  let producer: Producer;
  let publisher: (
    method: string,
    path: string,
    json?: unknown,
    tenant?: string,
  ) => Promise<{ status: number; json: any }>; // eslint-disable-line @typescript-eslint/no-explicit-any
  let app: string;
  let names = 0;
  /** A name that no other test uses. */
  const fresh = (name: string) => `${name}${(names += 1)}`;

  beforeAll(async () => {
    [oms, target] = await Promise.all([startTarget(), startTarget()]);
    system = await startSystem({ brokers: BROKERS, environment: { OMS_API_URL: oms.url } });
    producer = kafka.producer();
    await producer.connect();
    const roles = [{ name: 'reader', permissions: ['get-users'] }];
    const { token } = (await system.api.post(TOKENS, { account: 'publisher', roles })).json as {
      token: string;
    };
    const client = system.clientWith();
    publisher = (method, path, json, tenant) =>
      client.call(method, `${OS1}${path}`, {
        ...(json !== undefined && { json }),
        headers: { 'X-COREOS-ACCESS': token, ...(tenant !== undefined && { 'X-COREOS-TID': tenant }) },
      });
    app = (await publisher('POST', '/apps', { permissions: ['get-users'] })).json.data.id as string;
  }, LIMIT_MS);
  afterAll(async () => {
    await producer.disconnect();
    await system.close();
    await Promise.all([oms.close(), target.close()]);
  }, LIMIT_MS);
  beforeEach(() => {
    target.answer(respond(200));
    oms.answer(respond(200, '{"id":1}'));
    target.received.length = 0;
    oms.received.length = 0;
  });

  const register = async (topic: Topic, body: object) =>
    expect((await publisher('POST', `/topics/${topic}/events`, body)).status).toBe(201);
  const subscribe = async (topic: Topic, events: string[], more: object = {}) => {
    const webhook = { url: `${target.url}/${events.join('+')}`, signatureKey: SIGNATURE_KEY };
    const body = { description: 'd', topic, eventAppId: app, events, webhook, ...more };
    expect((await publisher('POST', '/subscriptions', body)).status).toBe(201);
  };
  const send = (
    topic: Topic,
    value: string,
    headers: Record<string, string> = {},
    key: string | null = null,
  ) => producer.send({ topic: `${system.topicPrefix}${topic}`, messages: [{ key, value, headers }] });
  /** `oms-webhooks dead-letters …`, on the system's topics. */
  async function deadLetters(...args: string[]) {
    const environment = { KAFKA_BROKERS: BROKERS, KAFKA_TOPIC_PREFIX: system.topicPrefix };
    const { code, stdout: out } = await startCommand(['dead-letters', ...args], environment).ended;
    return { code, out };
  }
  /** The payloads at the target's paths, once there are so many. */
  const arrived = async (count: number) => {
    await eventually(() => target.received.length >= count, {
      withinMs: LIMIT_MS,
      what: `${count} deliveries`,
    });
    return target.received.map(({ path, body }) => ({ path, payload: /"payload":(.*)\}$/s.exec(body)?.[1] }));
  };

  it(
    'hand a message to the subscribers of every event whose filter lets it through, as it came',
    async () => {
      const [created, active, other] = [fresh('UserCreated'), fresh('UserActive'), fresh('UserGone')];
      await register('participant', {
        events: [
          { name: created, eventType: created, filterLogic: { '===': ['$eventType', created] } },
          {
            name: active,
            eventType: created,
            filterLogic: { '===': [{ var: ['event.state'] }, 'active:available'] },
          },
          { name: other, eventType: created, filterLogic: { '===': [{ var: ['event.state'] }, 'gone'] } },
        ].map((event) => ({ ...event, description: '', type: 'users' })),
      });
      for (const name of [created, active, other]) await subscribe('participant', [name]);
      const message = `{ "eventType": "${created}", "state": "active:available", "price": 1.10, "id": "u-7" }`;
      await send('participant', message);
      const deliveries = await arrived(2);
      expect(deliveries).toHaveLength(2);
      expect(deliveries).toEqual(
        expect.arrayContaining([created, active].map((name) => ({ path: `/${name}`, payload: message }))),
      );
      const results = await eventually(
        async () => {
          const { json } = await system.api.get(`${EVENTS}?object_id=u-7&state=delivered`);
          return json.count === 2 && (json.results as object[]);
        },
        { withinMs: LIMIT_MS, what: 'both being recorded' },
      );
      expect(results).toMatchObject([1, 2].map(() => ({ content_type: null, state: 'delivered' })));
    },
    LIMIT_MS,
  );

  it(
    'take the event type from a header and from CloudEvents, structured and binary',
    async () => {
      const type = fresh('Packed');
      await register('container', {
        events: [
          {
            name: type,
            eventType: type,
            filterLogic: { '==': [{ var: 'event.n' }, 1] },
            description: '',
            type: 't',
          },
        ],
      });
      await subscribe('container', [type]);
      await send('container', '{"n":1,"from":"header"}', { eventType: type });
      await send(
        'container',
        JSON.stringify({ specversion: '1.0', id: '1', source: '/s', type, data: { n: 1 } }),
      );
      await send('container', '{"n":1,"from":"binary"}', {
        ce_specversion: '1.0',
        ce_type: type,
        ce_id: '2',
        ce_source: '/s',
      });
      await send('container', '{"n":2}', { eventType: type });
      const payloads = (await arrived(3)).map(({ payload }) => payload ?? '');
      expect(payloads.sort()).toEqual([
        '{"n":1,"from":"binary"}',
        '{"n":1,"from":"header"}',
        expect.stringContaining('"specversion":"1.0"') as string,
      ]);
    },
    LIMIT_MS,
  );

  it(
    'have the resource at getApiPath looked up with parameters of any case, and custom attributes only where they are wanted',
    async () => {
      const type = fresh('UserUpdated');
      await register('entity', {
        getApiPath: '/app/api/v2/users/{userid}',
        events: [{ name: type, eventType: type, description: '', type: 'users' }],
      });
      await subscribe('entity', [type]);
      await subscribe('entity', [type], {
        customAttr: true,
        webhook: { url: `${target.url}/custom`, signatureKey: SIGNATURE_KEY },
      });
      const resource = '{"id": "a/b", "customAttributes": {"vip": true}, "price": 1.10}';
      oms.answer(respond(200, resource));
      await send('entity', JSON.stringify({ eventType: type, userId: 'a/b' }));
      expect((await arrived(2)).sort((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
        { path: `/${type}`, payload: '{"id": "a/b",  "price": 1.10}' },
        { path: '/custom', payload: resource },
      ]);
      expect(new Set(oms.received.map(({ path }) => path))).toEqual(new Set(['/app/api/v2/users/a%2Fb']));

      target.received.length = 0;
      // Without the parameter there is nothing to look up.
      const message = { eventType: type, name: 'x', customAttributes: { a: 1 } };
      await send('entity', JSON.stringify(message));
      const [plain, custom] = (await arrived(2)).sort((a, b) => (a.path < b.path ? -1 : 1));
      expect(JSON.parse(plain?.payload ?? '')).toEqual({ eventType: type, name: 'x' });
      expect(JSON.parse(custom?.payload ?? '')).toEqual(message);
    },
    LIMIT_MS,
  );

  it(
    'set aside what cannot be read, with the reason, and go on; what nobody has registered is skipped',
    async () => {
      const type = fresh('Readable');
      await register('participant', {
        events: [{ name: type, eventType: type, description: '', type: 't' }],
      });
      await subscribe('participant', [type]);
      const key = fresh('key');
      const bad = ['{', '[1]', '{"no":"type"}', `{"eventType":"${type}","a":"${'x'.repeat(1_050_000)}"}`];
      for (const value of bad) await send('participant', value, { trace: 'kept' }, key);
      await send('participant', '{"eventType":"nobody has this"}', {}, key);
      await send('participant', `{"eventType":"${type}"}`, {}, key);
      expect(await arrived(1)).toEqual([{ path: `/${type}`, payload: `{"eventType":"${type}"}` }]);

      const listed = await deadLetters('list', '--topic', 'participant');
      const bySize = (a: string, b: string) => parseInt(a, 10) - parseInt(b, 10);
      const rows = listed.out.trim().split('\n').slice(1);
      // They come from several requests at once: their order among each other is nobody's.
      expect(rows.map((row) => row.replace(/^\S+\s+\S+\s+/, '')).sort(bySize)).toEqual([
        expect.stringMatching(/^1 +JSON parse error/),
        expect.stringMatching(/^3 +The message is JSON, but no object/),
        expect.stringMatching(/^13 +The message has no event type/),
        expect.stringMatching(/^\d{7} +The message is larger than/),
      ]);
      const name = rows.find((row) => row.includes('no event type'))?.split(' ')[0] ?? '';
      const shown = await deadLetters('show', name);
      expect(shown.out).toMatch(new RegExp(`key +"${key}"\nheader +trace: kept\n\n\\{"no":"type"\\}\n$`));

      const replayed = await deadLetters('replay', '--all', '--reason', 'no event type');
      expect([replayed.code, replayed.out]).toEqual([0, expect.stringMatching(/^Replayed: 1\./)]);
      await eventually(
        async () => (await deadLetters('list')).out.trim().split('\n').length === rows.length + 2,
        {
          withinMs: LIMIT_MS,
          what: 'the one that is set aside again',
        },
      );
      expect((await deadLetters('show', 'participant/0/99')).code).toBe(1);
      expect((await deadLetters('replay')).code).toBe(2);
      expect(await deadLetters('list', '--topic', 'container')).toMatchObject({
        code: 0,
        out: 'There are no dead letters.\n',
      });
    },
    LIMIT_MS * 2,
  );

  it(
    'are for the events of one tenant when a message names it, and keep their order and come once when the ingest API dies',
    async () => {
      const type = fresh('InTenant');
      await register('entity', { events: [{ name: type, eventType: type, description: '', type: 't' }] });
      await subscribe('entity', [type]);
      await system.database.pool.query(
        `UPDATE webhook SET config = '{"ordered": true}' WHERE event_type = $1`,
        [type],
      );
      await send('entity', `{"eventType":"${type}","n":0}`, { 'X-COREOS-TID': 'somebody else' });
      const messages = Array.from({ length: 40 }, (_, n) => `{"eventType":"${type}","n":${n + 1}}`);
      for (const message of messages.slice(0, 20)) await send('entity', message, {}, 'same');
      await arrived(1);
      await system.ingestApi.kill();
      for (const message of messages.slice(20)) await send('entity', message, {}, 'same');
      await system.ingestApi.start();
      await arrived(messages.length);
      const { rows } = await system.database.pool.query<{ payload: string }>(
        'SELECT payload FROM webhook_event WHERE event_type = $1 ORDER BY id',
        [type],
      );
      expect(rows.map(({ payload }) => payload)).toEqual(messages);
    },
    LIMIT_MS * 2,
  );

  it(
    'can be tried: what would come of a message, and why',
    async () => {
      const type = fresh('Tried');
      const filterLogic = { '===': [{ var: ['event.state'] }, 'on'] };
      await register('entity', {
        getApiPath: '/users/{id}',
        events: [{ name: type, eventType: type, filterLogic, description: '', type: 't' }],
      });
      await subscribe('entity', [type]);
      const tryIt = (body: object) => publisher('POST', `/topics/entity/events/${type}/try`, body);
      const matching = await tryIt({ message: { eventType: type, state: 'on', id: 7 } });
      expect([matching.status, matching.json]).toEqual([
        200,
        {
          data: {
            matches: true,
            eventType: { message: type, event: type, matches: true },
            filterLogic: {
              matches: true,
              error: null,
              explanation: [
                { path: '', expression: filterLogic, value: true },
                { path: '/===/0', expression: { var: ['event.state'] }, value: 'on' },
              ],
            },
            lookupPath: '/users/7',
            missingParameter: null,
            payload: null,
            subscribers: 1,
          },
        },
      ]);
      expect((await tryIt({ event: { state: 'off' } })).json.data).toMatchObject({
        matches: false,
        eventType: { matches: true },
        lookupPath: null,
        missingParameter: 'id',
        payload: { eventType: type, event: { state: 'off' } },
      });
      expect((await tryIt({ message: { eventType: 'X', state: 'on' } })).json.data).toMatchObject({
        matches: false,
        eventType: { message: 'X', matches: false },
        filterLogic: { matches: true },
      });
      expect((await tryIt({})).status).toBe(400);
      expect((await tryIt({ message: { state: 'on' } })).status).toBe(400);
      expect((await publisher('POST', '/topics/entity/events/nothing/try', { event: {} })).status).toBe(404);
      expect(target.received).toEqual([]);
    },
    LIMIT_MS,
  );
});
