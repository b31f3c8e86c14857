import { randomUUID } from 'node:crypto';
import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { EVENTS, HOOKS, PUBLISH, RESEND, TOKENS, UNDELIVERED, type ApiClient } from './api-client.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';

const UNKNOWN_UUID = 'd2a839f0-09cc-4755-a731-081d4cc1330a';

let system: System;
let target: Target;
beforeAll(async () => {
  [system, target] = await Promise.all([startSystem(), startTarget()]);
});
afterAll(async () => {
  await system.close();
  await target.close();
});

const delivered = (uuid: string) => eventually(async () => (await system.api.event(uuid)).delivered);

describe('Authentication', () => {
  it.each([
    [undefined, 'Authentication credentials were not provided.'],
    ['Bearer abc', 'Authentication credentials were not provided.'],
    ['Token', 'Invalid token header. No credentials provided.'],
    ['Token a b', 'Invalid token header. Token string should not contain spaces.'],
    ['Token nobody', 'Invalid token.'],
  ])('answers 401 to %p, before method, look-up and validation', async (authorization, detail) => {
    const stranger = system.clientWith(authorization);
    for (const [method, path] of [
      ['GET', EVENTS],
      ['DELETE', PUBLISH],
      ['POST', PUBLISH],
      ['GET', `${HOOKS}999999/`],
    ] as const) {
      const { status, headers, json } = await stranger.call(method, path);
      expect([status, headers['www-authenticate'], json]).toEqual([401, 'Token', { detail }]);
    }
  });

  it('says nothing of what is not there', async () => {
    const { status, json } = await system.clientWith(`Token ${ADMIN_TOKEN}`).get('/api/v1/oms/nothing/');
    expect([status, json]).toEqual([404, { detail: 'Not found.' }]);
  });
});

describe('Tokens', () => {
  it('are created by a superuser, work, and end at once when they are revoked', async () => {
    const { status, json } = await system.api.post(TOKENS, {
      account: 'partner',
      roles: [{ name: 'reader', permissions: ['get-users'] }],
    });
    expect(status).toBe(201);
    expect(json).toMatchObject({
      id: expect.any(Number),
      account: 'partner',
      superuser: false,
      roles: [{ name: 'reader', permissions: ['get-users'] }],
      app: null,
      token: expect.stringMatching(/^\S{20,}$/),
    });
    const partner = system.clientWith(`Token ${json.token}`);
    expect((await partner.get(EVENTS)).status).toBe(200);
    expect((await system.api.get(TOKENS)).text).not.toContain(json.token);

    expect((await system.api.call('DELETE', `${TOKENS}${json.id}/`)).status).toBe(204);
    const refused = await partner.get(EVENTS);
    expect([refused.status, refused.json]).toEqual([401, { detail: 'Invalid token.' }]);
    expect((await system.api.call('DELETE', `${TOKENS}${json.id}/`)).status).toBe(404);
  });

  it('are out of reach for everybody else', async () => {
    const partner = await system.clientOf('curious');
    for (const [method, path] of [
      ['GET', TOKENS],
      ['POST', TOKENS],
      ['DELETE', `${TOKENS}1/`],
    ] as const) {
      const { status, json } = await partner.call(method, path, {
        json: { account: 'admin', superuser: true },
      });
      expect([status, json]).toEqual([403, { detail: 'You do not have permission to perform this action.' }]);
    }
  });
});

describe('Requests that cannot be read', () => {
  it('are answered 405 with Allow, and the trailing slash is forgiven', async () => {
    const wrong = await system.api.call('PUT', EVENTS, { json: {} });
    expect([wrong.status, wrong.headers.allow, wrong.json]).toEqual([
      405,
      'GET, HEAD, OPTIONS',
      { detail: 'Method "PUT" not allowed.' },
    ]);
    const redirected = await system.api.get(`${EVENTS.slice(0, -1)}?page=1`);
    expect([redirected.status, redirected.headers.location]).toEqual([301, `${EVENTS}?page=1`]);
    expect((await system.api.post(PUBLISH.slice(0, -1), {})).status).toBe(400);
  });

  it('are answered 415, 413 and 400', async () => {
    const xml = await system.api.call('POST', PUBLISH, { text: '<hook/>', type: 'text/xml' });
    expect([xml.status, xml.json]).toEqual([
      415,
      { detail: 'Unsupported media type "text/xml" in request.' },
    ]);
    const large = await system.api.post(PUBLISH, { hook: 1, instance: { data: { x: 'x'.repeat(2 ** 20) } } });
    expect(large.status).toBe(413);
    const list = await system.api.post(PUBLISH, []);
    expect([list.status, list.json]).toEqual([
      400,
      { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] },
    ]);
    const cut = await system.api.call('POST', PUBLISH, { text: '{"hook": ', type: 'application/json' });
    expect([cut.status, cut.json]).toEqual([
      400,
      { detail: 'JSON parse error - Expecting value: line 1 column 10 (char 9)' },
    ]);
  });

  it.each([
    [
      { hook: 999999, instance: { pk: 1, model: 'package' } },
      { hook: ['Invalid pk "999999" - object does not exist.'] },
    ],
    [
      { hook: true, instance: { pk: 1, model: 'package' } },
      { hook: ['Incorrect type. Expected pk value, received bool.'] },
    ],
    [{ hook: 1, instance: { pk: 1, model: 'x' } }, { instance: { model: ['"x" is not a valid choice.'] } }],
    [{ hook: 1 }, { instance: ['This field is required.'] }],
    [
      { hook: 1, instance: 'package' },
      { instance: { non_field_errors: ['Invalid data. Expected a dictionary, but got str.'] } },
    ],
    [
      { hook: 1, instance: { pk: 1.5, model: 'package' } },
      { instance: { pk: ['A valid integer is required.'] } },
    ],
    [
      { hook: 1, instance: { pk: 1, model: 'package', data: [] } },
      { instance: { data: ['Expected a dictionary of items but got type "list".'] } },
    ],
  ])('are answered field by field: %j', async (body, messages) => {
    const { status, json } = await system.api.post(PUBLISH, body);
    expect([status, json]).toEqual([400, messages]);
  });
});

describe('Pages, filters and ordering of events', () => {
  let hook: number;
  let uuids: string[];
  beforeAll(async () => {
    ({ id: hook } = await system.api.createHook(`${target.url}/pages`, { event_type: 'shipment.created' }));
    uuids = [];
    for (let pk = 1; pk <= 7; pk += 1)
      uuids.push(await system.api.publish(hook, { pk, model: 'shipment', data: {} }));
    await Promise.all(uuids.map(delivered));
  });

  const list = async (query: string) => {
    const answer = await system.api.get(`${EVENTS}?webhook=${hook}&${query}`);
    const results = (answer.json.results ?? []) as { object_id: number }[];
    return { ...answer, objects: results.map(({ object_id }) => object_id) };
  };

  it('are newest first, with absolute links that keep the other parameters in the order of their names', async () => {
    const first = await list('page_size=3');
    const base = `${system.ingestApi.url}${EVENTS}`;
    expect(first.objects).toEqual([7, 6, 5]);
    expect(first.json).toMatchObject({
      count: 7,
      next: `${base}?page=2&page_size=3&webhook=${hook}`,
      previous: null,
    });
    const second = await list('page_size=3&page=2');
    expect(second.objects).toEqual([4, 3, 2]);
    expect(second.json).toMatchObject({
      next: `${base}?page=3&page_size=3&webhook=${hook}`,
      previous: `${base}?page_size=3&webhook=${hook}`,
    });
    const last = await list('page_size=3&page=last');
    expect([last.objects, last.json.next]).toEqual([[1], null]);
    expect((await list('limit=2')).objects).toEqual([7, 6]);
    for (const size of ['0', '-1', 'abc', '1000'])
      expect((await list(`page_size=${size}`)).objects).toHaveLength(7);
    for (const page of ['0', 'abc', '4']) {
      const { status, json } = await list(`page_size=3&page=${page}`);
      expect([status, json]).toEqual([404, { detail: 'Invalid page.' }]);
    }
    expect((await list('object_id=nothing')).json).toEqual({
      count: 0,
      next: null,
      previous: null,
      results: [],
    });
  });

  it.each([
    ['ordering=object_id', [1, 2, 3, 4, 5, 6, 7]],
    ['ordering=-created_date', [7, 6, 5, 4, 3, 2, 1]],
    ['ordering=secret', [7, 6, 5, 4, 3, 2, 1]],
    ['object_id=3', [3]],
    ['delivered=true', [7, 6, 5, 4, 3, 2, 1]],
    ['delivered=3', []],
    ['delivered=perhaps', [7, 6, 5, 4, 3, 2, 1]],
    ['state=delivered&q=4', [4]],
    ['event_type=shipment.created&content_type=9&response_http_status=200&limit=1', [7]],
    ['model=package', []],
    ['content_type=99999999999999999999', []],
    ['created_date__gt=2999-01-01', []],
    ['nothing=of-the-kind', [7, 6, 5, 4, 3, 2, 1]],
  ])('of %s are %j', async (query, objects) => {
    expect((await list(query)).objects).toEqual(objects);
  });

  it('find an event by its uuid, with and without dashes', async () => {
    for (const uuid of [uuids[2], uuids[2]?.replaceAll('-', ''), uuids[2]?.toUpperCase()])
      expect((await list(`uuid=${uuid}`)).objects).toEqual([3]);
  });

  it.each([
    ['uuid=x', { uuid: ['Enter a valid UUID.'] }],
    ['content_type=x', { content_type: ['Enter a number.'] }],
    ['created_date=yesterday', { created_date: ['Enter a valid date/time.'] }],
    ['state=lost', { state: ['Select a valid choice. lost is not one of the available choices.'] }],
    [
      'webhook=424242',
      { webhook: ['Select a valid choice. That choice is not one of the available choices.'] },
    ],
  ])('refuse %s', async (query, messages) => {
    const { status, json } = await list(query);
    expect([status, json]).toEqual([400, messages]);
  });
});

describe('Two accounts', () => {
  let one: ApiClient;
  let other: ApiClient;
  let hook: number;
  let uuid: string;
  let path: string;
  beforeAll(async () => {
    [one, other] = await Promise.all([system.clientOf('one'), system.clientOf('other')]);
    ({ id: hook } = await one.createHook(`${target.url}/owned`));
    uuid = await one.publish(hook, { pk: 1, data: {} });
    await eventually(async () => (await one.event(uuid)).delivered);
    path = `${EVENTS}${(await one.event(uuid)).id}/`;
  });

  it('do not see each other', async () => {
    expect((await other.get(EVENTS)).json.count).toBe(0);
    expect((await other.get(HOOKS)).json.count).toBe(0);
    expect((await other.get(UNDELIVERED)).json.count).toBe(0);
    for (const [method, hidden] of [
      ['GET', path],
      ['GET', `${path}attempts/`],
      ['GET', `${HOOKS}${hook}/`],
      ['PATCH', `${HOOKS}${hook}/`],
      ['DELETE', `${HOOKS}${hook}/`],
    ] as const) {
      const { status, json } = await other.call(method, hidden, { json: {} });
      expect([status, json]).toEqual([404, { detail: 'Not found.' }]);
    }
    expect((await other.post(RESEND, { event: uuid })).status).toBe(404);
    const published = await other.post(PUBLISH, { hook, instance: { pk: 1, model: 'package' } });
    expect([published.status, published.json]).toEqual([
      400,
      { hook: [`Invalid pk "${hook}" - object does not exist.`] },
    ]);
    expect((await other.get(`${EVENTS}?webhook=${hook}`)).status).toBe(400);
  });

  it('see their own, and the superuser sees all', async () => {
    for (const account of [one, system.api]) {
      expect((await account.get(path)).status).toBe(200);
      expect((await account.get(`${HOOKS}${hook}/`)).json.id).toBe(hook);
    }
    expect((await one.get(EVENTS)).json.count).toBe(1);
    expect((await other.createHook(`${target.url}/owned`)).id).not.toBe(hook);
    expect((await one.post(RESEND, { event: UNKNOWN_UUID })).status).toBe(404);
  });
});

describe('Idempotency-Key', () => {
  let hook: number;
  beforeAll(async () => {
    ({ id: hook } = await system.api.createHook(`${target.url}/idempotent`));
  });
  const publish = (key: string, pk: number, client = system.api) =>
    client.post(PUBLISH, { hook, instance: { pk, model: 'package', data: {} } }, { 'idempotency-key': key });
  const eventsOf = async (pk: number): Promise<number> =>
    (await system.api.get(`${EVENTS}?webhook=${hook}&object_id=${pk}`)).json.count as number;

  it('makes one event of the same request twice, and a conflict of another', async () => {
    const key = randomUUID();
    const [first, again, another] = [await publish(key, 1), await publish(key, 1), await publish(key, 2)];
    expect([first.status, again.status, another.status]).toEqual([202, 202, 409]);
    expect(first.headers['x-event-uuid']).toMatch(/^[0-9a-f]{8}-/);
    expect(again.headers['x-event-uuid']).toBe(first.headers['x-event-uuid']);
    expect(another.json).toEqual({ detail: expect.any(String) });
    expect([await eventsOf(1), await eventsOf(2)]).toEqual([1, 0]);
  });

  it('makes one event of twenty requests at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => publish(key, 3)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ headers }) => headers['x-event-uuid'])).size).toBe(1);
    expect(await eventsOf(3)).toBe(1);
    const mixed = await Promise.all(Array.from({ length: 10 }, (_, n) => publish('mixed', 10 + (n % 2))));
    expect(mixed.map(({ status }) => status).sort()).toEqual([
      ...Array<number>(5).fill(202),
      ...Array<number>(5).fill(409),
    ]);
    expect((await eventsOf(10)) + (await eventsOf(11))).toBe(1);
  });

  it('is refused when it is no key', async () => {
    for (const key of ['', 'with space', 'x'.repeat(256)]) expect((await publish(key, 4)).status).toBe(400);
    expect(await eventsOf(4)).toBe(0);
  });
});

describe('Attempts of an event', () => {
  it('are listed newest first, each with what came back and what caused it', async () => {
    const failing = await startTarget((response, _, number) =>
      response.writeHead(number === 1 ? 500 : 200, { 'x-number': String(number) }).end(`answer ${number}`),
    );
    const { id } = await system.api.createHook(failing.url);
    const uuid = await system.api.publish(id, { pk: 1, data: {} });
    await delivered(uuid);
    await system.api.post(RESEND, { event: uuid });
    await eventually(async () => (await system.api.event(uuid)).retry_count === 3);
    const event = await system.api.event(uuid);
    const { json } = await system.api.get(`${EVENTS}${event.id}/attempts/`);
    expect(json.results).toMatchObject([
      {
        number: 3,
        response_http_status: 200,
        response_content: 'answer 3',
        cause: 'resend',
        error_kind: null,
      },
      { number: 2, response_http_status: 200, response_headers: { 'x-number': '2' }, cause: 'countdown' },
      { number: 1, response_http_status: 500, response_content: 'answer 1', cause: 'countdown' },
    ]);
    await failing.close();
  });

  it('keep an event among the undelivered until one succeeds', async () => {
    const failing = await startTarget(respond(500));
    const { id } = await system.api.createHook(failing.url, {
      config: { max_attempts: 1, recovery_attempts: 0 },
    });
    const uuid = await system.api.publish(id, { pk: 1, data: {} });
    const undelivered = async () => (await system.api.get(`${UNDELIVERED}?uuid=${uuid}`)).json.count === 1;
    await eventually(undelivered);
    failing.answer(respond(200));
    expect((await system.api.post(RESEND, { event: uuid })).status).toBe(200);
    await delivered(uuid);
    expect(await undelivered()).toBe(false);
    await failing.close();
  });
});
