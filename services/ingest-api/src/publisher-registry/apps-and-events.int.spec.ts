import fc from 'fast-check';
import { OS1, runRegistry, type Account, type RunningRegistry } from '../testing/run-registry.ts';

const PERMISSIONS = ['get-users', 'get-user-details', 'update-user'];
const APP_ID = /^app:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const event = (name: string, fields: object = {}) => ({
  name,
  description: `when ${name}`,
  eventType: `${name}Event`,
  filterLogic: { '===': ['$eventType', `${name}Event`] },
  type: 'users',
  ...fields,
});

let registry: RunningRegistry;
let accounts = 0;
/** Of an account of its own. */
const newcomer = (fields: object = {}) => registry.account(`account-${++accounts}`, [], fields);
async function publisher(tenant?: string): Promise<Account & { app: string }> {
  const account = await newcomer();
  const { body } = await account.os1('post', '/apps', tenant).send({ permissions: PERMISSIONS }).expect(201);
  return { ...account, app: body.data.id as string };
}
beforeAll(async () => {
  registry = await runRegistry();
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

describe('a publisher app', () => {
  it('is registered once an account and tenant, read, and changed', async () => {
    const account = await newcomer();
    const missing = await account.os1('get', '/apps');
    expect([missing.status, missing.body.error.code]).toEqual([404, '101001024041']);
    const created = await account.os1('post', '/apps').send({ permissions: [...PERMISSIONS, 'get-users'] });
    expect([created.status, created.body]).toEqual([
      201,
      { data: { id: expect.stringMatching(APP_ID), name: account.name, permissions: PERMISSIONS } },
    ]);
    const again = await account.os1('post', '/apps').send({ permissions: [] });
    expect([again.status, again.body.error.code]).toEqual([409, '101001014091']);
    const changed = await account.os1('patch', '/apps').send({ name: 'User management' });
    expect([changed.status, changed.body]).toEqual([
      200,
      { data: { ...created.body.data, name: 'User management' } },
    ]);
    expect((await account.os1('get', '/apps')).body).toEqual(changed.body);
    expect((await account.os1('get', '/apps', 'other')).status).toBe(404);
    const elsewhere = await account.os1('post', '/apps', 'other').send({ permissions: [] }).expect(201);
    expect(elsewhere.body.data.id).not.toBe(created.body.data.id);
  });

  it('is one, of several that are registered at the same time', async () => {
    const account = await newcomer();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => account.os1('post', '/apps').send({ permissions: [] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('has the id that the token names, if that is free', async () => {
    const app = 'app:dafee37d-7c50-4772-9725-8c8e2e598148';
    const first = await newcomer({ app });
    const { body } = await first.os1('post', '/apps').send({ permissions: [] }).expect(201);
    expect(body.data.id).toBe(app);
    const second = await newcomer({ app });
    const taken = await second.os1('post', '/apps').send({ permissions: [] });
    expect([taken.status, taken.body.error.code]).toEqual([409, '101001014092']);
  });

  it('says what is wrong with its fields', async () => {
    const account = await newcomer();
    const { status, body } = await account.os1('post', '/apps?x=1').send({ permissions: 'all', name: '' });
    expect([status, body]).toEqual([
      400,
      {
        error: {
          code: '101001014001',
          description: 'The request is not valid.',
          additionalInfo: {
            errorTrace: [
              { field: 'permissions', message: 'Expected a list of items but got type "str".' },
              { field: 'name', message: 'This field may not be blank.' },
            ],
          },
        },
        request: {
          uri: `${OS1}/apps`,
          method: 'POST',
          queryString: 'x=1',
          body: { permissions: 'all', name: '' },
        },
      },
    ]);
  });
});

describe('published events', () => {
  it('are registered together, on a topic that there is, by an account that has an app', async () => {
    const account = await publisher();
    const body = {
      getApiPath: '/app/api/v2/users/{userid}',
      events: [event('UserCreated'), event('UserUpdated')],
    };
    const { status, body: answer } = await account.os1('post', '/topics/participant/events').send(body);
    expect([status, answer]).toEqual([
      201,
      {
        data: {
          events: ['UserCreated', 'UserUpdated'].map((name) => ({
            name,
            type: 'users',
            appId: account.app,
            description: `when ${name}`,
          })),
        },
      },
    ]);
    const nowhere = await account.os1('post', '/topics/orders/events').send(body);
    expect([nowhere.status, nowhere.body.error.code]).toEqual([404, '101002014042']);
    const nobody = await (await newcomer()).os1('post', '/topics/participant/events').send(body);
    expect([nobody.status, nobody.body.error.code]).toEqual([404, '101002014041']);
    // Other topics and other apps have names of their own.
    await account.os1('post', '/topics/entity/events').send(body).expect(201);
    await (await publisher()).os1('post', '/topics/participant/events').send(body).expect(201);
  });

  it('are registered all or none', async () => {
    const account = await publisher();
    const register = (...names: string[]) =>
      account.os1('post', '/topics/entity/events').send({ events: names.map((name) => event(name)) });
    await register('A', 'B').expect(201);
    const taken = await register('C', 'B', 'A');
    expect([taken.status, taken.body.error]).toEqual([
      409,
      {
        code: '101002014093',
        description: 'Registered on entity already: A, B.',
        additionalInfo: {
          errorTrace: [
            { field: 'events', message: 'A' },
            { field: 'events', message: 'B' },
          ],
        },
      },
    ]);
    await register('C').expect(201);
    const racing = await Promise.all(['D', 'D', 'D'].map((name) => register(name, 'E')));
    expect(racing.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it.each([
    ['none', { events: [] }, 'events'],
    ['101', { events: Array.from({ length: 101 }, (_, at) => event(`E${at}`)) }, 'events'],
    ['one twice', { events: [event('A'), event('A')] }, 'events'],
    ['no list', { events: 'A' }, 'events'],
    ['null', { events: [null] }, 'events.0'],
    ['no name', { events: [event('A', { name: undefined })] }, 'events.0.name'],
    ['no event type', { events: [event('A', { eventType: '' })] }, 'events.0.eventType'],
    [
      'an unknown operator',
      { events: [event('A', { filterLogic: { system: ['rm'] } })] },
      'events.0.filterLogic',
    ],
    [
      'another shape',
      { events: [event('A', { filterLogic: { '===': 1, '==': 2 } })] },
      'events.0.filterLogic',
    ],
    ['another host', { getApiPath: '//evil.test/x', events: [event('A')] }, 'getApiPath'],
    ['a URL', { getApiPath: 'http://evil.test/x', events: [event('A')] }, 'getApiPath'],
    ['dot segments', { events: [event('A', { getApiPath: '/users/../../admin' })] }, 'events.0.getApiPath'],
    ['encoded dots', { events: [event('A', { getApiPath: '/users/%2e%2E/admin' })] }, 'events.0.getApiPath'],
    ['half a parameter', { events: [event('A', { getApiPath: '/users/{id' })] }, 'events.0.getApiPath'],
  ])('are refused when they are wrong: %s', async (_, body, field) => {
    const account = await publisher();
    const answer = await account.os1('post', '/topics/entity/events').send(body);
    expect([answer.status, answer.body.error.code]).toEqual([400, '101002014001']);
    const faults = answer.body.error.additionalInfo.errorTrace as { field: string }[];
    expect(faults.map((fault) => fault.field)).toContain(field);
    expect((await account.os1('get', '/topics/entity/events')).text).not.toContain(account.app);
  });

  it('are changed and renamed by their own app alone', async () => {
    const [account, other] = await Promise.all([publisher(), publisher()]);
    await account.os1('post', '/topics/container/events').send({ events: [event('Packed'), event('Sent')] });
    const put = (who: Account, name: string, ...events: object[]) =>
      who.os1('put', `/topics/container/events/${encodeURIComponent(name)}`).send({ events });
    const changed = await put(
      account,
      'Packed',
      { description: 'first', type: 'parcels' },
      {
        name: 'Packed / sealed',
        description: 'last',
        filterLogic: null,
        appId: account.app,
      },
    );
    expect([changed.status, changed.body.data.events]).toEqual([
      200,
      [
        {
          name: 'Packed / sealed',
          type: 'parcels',
          appId: account.app,
          description: 'last',
          getApiPath: null,
          eventType: 'PackedEvent',
          filterLogic: null,
        },
      ],
    ]);
    const codeOf = async (answer: ReturnType<typeof put>) => {
      const { status, body } = await answer;
      return [status, body.error?.code as string];
    };
    expect(await codeOf(put(account, 'Packed', { type: 'x' }))).toEqual([404, '101002034043']);
    expect(await codeOf(put(account, 'a\0b', { type: 'x' }))).toEqual([404, '101002034043']);
    expect(await codeOf(put(account, 'Packed / sealed', { name: 'Sent' }))).toEqual([409, '101002034093']);
    expect(await codeOf(put(account, 'Sent'))).toEqual([400, '101002034001']);
    expect(await codeOf(put(account, 'Sent', { appId: other.app }))).toEqual([403, '101002034032']);
    expect(await codeOf(put(other, 'Sent', { type: 'x' }))).toEqual([403, '101002034032']);
    expect(await codeOf(put(await newcomer(), 'Sent', { type: 'x' }))).toEqual([403, '101002034032']);
  });

  it('are deleted all or none, 25 at most, by their own app alone', async () => {
    const [account, other] = await Promise.all([publisher(), publisher()]);
    await account
      .os1('post', '/topics/container/events')
      .send({ events: ['A', 'B', 'C'].map((n) => event(n)) });
    const remove = (who: Account, events: string[]) =>
      who.os1('delete', '/topics/container/events').send({ events });
    const many = await remove(
      account,
      Array.from({ length: 26 }, (_, at) => `E${at}`),
    );
    expect([many.status, many.body.error.code]).toEqual([400, '101002044001']);
    const unknown = await remove(account, ['A', 'X', 'Y']);
    expect([unknown.status, unknown.body.error.code, unknown.body.error.description]).toEqual([
      404,
      '101002044043',
      'Not registered on container: X, Y.',
    ]);
    expect((await remove(other, ['A'])).status).toBe(403);
    const gone = await remove(account, ['A', 'B', 'A']);
    expect([gone.status, gone.body]).toEqual([200, { data: { events: ['A', 'B'], subscriptions: 0 } }]);
    const { rows } = await registry.database.pool.query(
      `SELECT e.name FROM published_event e WHERE e.app_id = $1`,
      [account.app.slice(4)],
    );
    expect(rows).toEqual([{ name: 'C' }]);
  });

  it('are seen within their tenant alone', async () => {
    const account = await publisher('eu-1');
    await account
      .os1('post', '/topics/entity/events', 'eu-1')
      .send({ events: [event('Seen')] })
      .expect(201);
    const names = async (tenant?: string) => {
      const { body } = await (await newcomer()).os1('get', '/topics/entity/events?limit=100', tenant);
      return (body.data.events as { appId: string; name: string }[])
        .filter(({ appId }) => appId === account.app)
        .map(({ name }) => name);
    };
    expect([await names('eu-1'), await names('eu-2'), await names()]).toEqual([['Seen'], [], []]);
  });
});

describe('pages of published events', () => {
  it('show each event that was there from the start exactly once, whatever is registered meanwhile', async () => {
    const reader = await newcomer();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(12),
        fc.array(fc.record({ limit: fc.integer({ min: 1, max: 5 }), registered: fc.nat(3) }), {
          maxLength: 6,
        }),
        async (count, steps) => {
          const tenant = `walk-${++accounts}`;
          const account = await publisher(tenant);
          let made = 0;
          const register = async (howMany: number) => {
            const events = Array.from({ length: howMany }, () => event(`E${++made}`));
            if (howMany > 0)
              await account.os1('post', '/topics/entity/events', tenant).send({ events }).expect(201);
            return events.map(({ name }) => name);
          };
          const atStart = await register(count);
          const seen: string[] = [];
          for (let nextPage: string | null = '', step = 0; nextPage !== null; step += 1) {
            const { limit, registered } = steps[step] ?? { limit: 7, registered: 0 };
            const path = `/topics/entity/events?limit=${limit}&nextPage=${nextPage}`;
            const { data } = (await reader.os1('get', path, tenant).expect(200)).body as {
              data: { events: { name: string }[]; meta: { nextPage: string | null; hasNextPage: boolean } };
            };
            expect(data.events.length).toBeLessThanOrEqual(limit);
            expect(data.meta.hasNextPage).toBe(data.meta.nextPage !== null);
            seen.push(...data.events.map(({ name }) => name));
            nextPage = data.meta.nextPage;
            await register(registered);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.slice(0, count)).toEqual(atStart);
        },
      ),
      { numRuns: 12 },
    );
  });

  it.each(['limit=0', 'limit=-1', 'limit=x', 'nextPage=x', 'nextPage=WyJ4Il0', 'nextPage=WzFlNDAwXQ'])(
    'are refused when they are asked for by %s',
    async (query) => {
      const { status, body } = await (await newcomer()).os1('get', `/topics/entity/events?${query}`);
      expect([status, body.error.code]).toEqual([400, '101002024001']);
    },
  );

  it('have 20 events unless told, and 100 at most', async () => {
    const account = await publisher('many');
    for (const part of ['A', 'B']) {
      const events = Array.from({ length: 60 }, (_, at) => event(`${part}${at}`));
      await account.os1('post', '/topics/entity/events', 'many').send({ events }).expect(201);
    }
    const size = async (query: string) =>
      (await account.os1('get', `/topics/entity/events${query}`, 'many')).body.data.events.length as number;
    expect([await size(''), await size('?limit=1000')]).toEqual([20, 100]);
  });
});
