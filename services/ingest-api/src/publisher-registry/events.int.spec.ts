import { eventDetails as event, publishersOf } from '../testing/registry-fixtures.ts';
import { runRegistry, type Account, type RunningRegistry } from '../testing/run-registry.ts';

let registry: RunningRegistry;
const { newcomer, publisher } = publishersOf(() => registry);
beforeAll(async () => {
  registry = await runRegistry();
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

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
