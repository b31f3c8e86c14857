import { TOKENS, type ApiClient } from './api-client.ts';
import { startSystem, type System } from './system.ts';

const ROOT = '/core/api/v1/webhooks';
const PERMISSIONS = ['get-users', 'get-user-details', 'update-user'];
/** The requests of the guide, its flattened names written out. */
const USER_EVENTS = {
  getApiPath: '/app/api/v2/users/{userid}',
  events: [
    {
      name: 'UserCreated',
      description: 'When a new user is created',
      eventType: 'UserCreatedEvent',
      filterLogic: { '===': ['$eventType', 'UserCreatedEvent'] },
      type: 'users',
    },
    {
      name: 'UserUpdated',
      description: 'When user data is updated',
      eventType: 'UserUpdatedEvent',
      filterLogic: { '===': ['$eventType', 'UserUpdatedEvent'] },
      type: 'users',
    },
  ],
};
const AVAILABLE_USER = {
  name: 'AvailableUserEvent',
  description: 'When the user state is changed to active this event will be sent.',
  eventType: 'ApplyEventParticipantSuccessEvent',
  filterLogic: { '===': [{ var: ['event.state'] }, 'active:available'] },
  type: 'users',
};

describe('The publisher registry, as OS1 describes it', () => {
  let system: System;
  let [publisher, subscriber, outsider] = ['', '', ''];
  let stranger: ApiClient;
  let [app, subscription] = ['', ''];
  const tokenOf = async (account: string, permissions: string[]) => {
    const roles = [{ name: 'webhooks', permissions }];
    return (await system.api.post(TOKENS, { account, roles })).json as { id: number; token: string };
  };
  beforeAll(async () => {
    system = await startSystem();
    stranger = system.clientWith();
    publisher = (await tokenOf('user-management', [])).token;
    outsider = (await tokenOf('outsider', ['get-users'])).token;
  });
  afterAll(() => system.close());

  const call = (key: string, method: string, path: string, json?: unknown, headers = {}) =>
    stranger.call(method, ROOT + path, { json, headers: { 'X-COREOS-ACCESS': key, ...headers } });

  it('createAppConfig answers the app id, GetAppConfigDetails the app', async () => {
    const created = await call(publisher, 'POST', '/apps', { permissions: PERMISSIONS });
    expect([created.status, created.text]).toEqual([
      201,
      expect.stringMatching(/^\{"data":\{"id":"app:[0-9a-f-]{36}",/),
    ]);
    app = created.json.data.id as string;
    const named = await call(publisher, 'PATCH', '/apps', { name: 'User Management' });
    expect([named.status, named.json]).toEqual([
      200,
      { data: { id: app, name: 'User Management', permissions: PERMISSIONS } },
    ]);
    expect((await call(publisher, 'GET', '/apps')).json).toEqual(named.json);
    expect((await call(publisher, 'POST', '/apps', { permissions: [] })).status).toBe(409);
    expect((await call(outsider, 'GET', '/apps')).status).toBe(404);
  });

  it.each([
    ['bare', (key: string) => ({ 'X-COREOS-ACCESS': key })],
    ['after Token', (key: string) => ({ 'X-COREOS-ACCESS': `Token ${key}` })],
    ['after Bearer', (key: string) => ({ 'X-COREOS-ACCESS': `Bearer ${key}` })],
    ['in Authorization', (key: string) => ({ Authorization: `Token ${key}` })],
    ['in Authorization after Bearer', (key: string) => ({ Authorization: `Bearer ${key}` })],
  ])('the token is taken %s', async (_, headers) => {
    const { status } = await stranger.call('GET', `${ROOT}/apps`, { headers: headers(publisher) });
    expect(status).toBe(200);
  });

  it('registerEvents takes the events of the guide, getPublisherEvents lists them page by page', async () => {
    const registered = await call(publisher, 'POST', '/topics/participant/events', USER_EVENTS);
    expect(registered.status).toBe(201);
    const more = { events: [AVAILABLE_USER] };
    expect((await call(publisher, 'POST', '/topics/participant/events', more)).status).toBe(201);
    const first = await call(outsider, 'GET', '/topics/participant/events?limit=2');
    expect([first.status, first.json]).toEqual([
      200,
      {
        data: {
          events: USER_EVENTS.events.map(({ name, type, description }) => ({
            name,
            type,
            appId: app,
            description,
          })),
          meta: { nextPage: expect.any(String) as string, hasNextPage: true },
        },
      },
    ]);
    const nextPage = first.json.data.meta.nextPage as string;
    const second = await call(outsider, 'GET', `/topics/participant/events?limit=2&nextPage=${nextPage}`);
    expect(second.json).toMatchObject({
      data: { events: [{ name: 'AvailableUserEvent' }], meta: { nextPage: null, hasNextPage: false } },
    });
  });

  it('updatePublisherEvents changes the event of the path', async () => {
    const changed = await call(publisher, 'PUT', '/topics/participant/events/AvailableUserEvent', {
      events: [
        { ...AVAILABLE_USER, appId: app, getApiPath: '/app/api/v2/users/{userid}', description: 'Now.' },
      ],
    });
    expect([changed.status, changed.json.data.events]).toMatchObject([
      200,
      [{ name: 'AvailableUserEvent', description: 'Now.', filterLogic: AVAILABLE_USER.filterLogic }],
    ]);
  });

  it('a subscriber needs one role with every permission', async () => {
    const { id, token } = await tokenOf('shop', ['get-users']);
    subscriber = token;
    const wanted = {
      description: 'who joins',
      topic: 'participant',
      eventAppId: app,
      events: ['UserCreated', 'AvailableUserEvent'],
      webhook: { url: 'http://127.0.0.1:9/hook', signatureKey: 'c2VjcmV0IGtleQ==' },
    };
    const refused = await call(subscriber, 'POST', '/subscriptions', wanted);
    expect([refused.status, refused.json.error.code]).toEqual([403, '101003014031']);
    expect(refused.json.request).toEqual({
      uri: `${ROOT}/subscriptions`,
      method: 'POST',
      queryString: '',
      body: { ...wanted, webhook: { url: wanted.webhook.url, signatureKey: '***' } },
    });
    await system.api.call('PATCH', `${TOKENS}${id}/`, {
      json: { roles: [{ name: 'webhooks', permissions: [...PERMISSIONS, 'more'] }] },
    });
    const made = await call(subscriber, 'POST', '/subscriptions', wanted);
    expect([made.status, made.json.data]).toMatchObject([
      201,
      { isActive: true, customAttr: false, events: wanted.events, webhook: { url: wanted.webhook.url } },
    ]);
    subscription = made.json.data.id as string;
    expect(made.text).not.toContain('c2VjcmV0');
  });

  it('a subscription is listed, read, changed, and given other events', async () => {
    const path = `/subscriptions/${subscription}`;
    const listed = await call(subscriber, 'GET', '/subscriptions');
    expect(listed.json.data).toMatchObject({
      meta: { nextPage: null, hasNextPage: false },
      subscriptions: [{ id: subscription, eventAppId: app, topic: 'participant', description: 'who joins' }],
    });
    expect((await call(subscriber, 'PATCH', path, { description: 'changed' })).status).toBe(200);
    const added = await call(subscriber, 'PATCH', `${path}/events`, {
      action: 'add',
      events: ['UserUpdated'],
    });
    expect([added.status, added.json.data.events]).toEqual([
      200,
      ['UserCreated', 'AvailableUserEvent', 'UserUpdated'],
    ]);
    // The guide's own request of removal names events that this subscription has not.
    const unknown = { action: 'remove', events: ['OrderPacked', 'OrderDispatched'] };
    expect((await call(subscriber, 'PATCH', `${path}/events`, unknown)).status).toBe(400);
    const removed = { action: 'remove', events: ['UserUpdated'] };
    expect((await call(subscriber, 'PATCH', `${path}/events`, removed)).status).toBe(200);
    expect((await call(subscriber, 'GET', path)).json.data).toMatchObject({
      description: 'changed',
      events: ['UserCreated', 'AvailableUserEvent'],
    });
  });

  it('bulkDeleteEvents takes the events from their subscriptions', async () => {
    const absent = { events: ['AvailableUserEvent', 'ApplyEventParticipantSuccessEvent'] };
    const refused = await call(publisher, 'DELETE', '/topics/participant/events', absent);
    expect([refused.status, refused.json.error.description]).toEqual([
      404,
      'Not registered on participant: ApplyEventParticipantSuccessEvent.',
    ]);
    const deleted = await call(publisher, 'DELETE', '/topics/participant/events', {
      events: ['AvailableUserEvent'],
    });
    expect([deleted.status, deleted.json.data]).toEqual([
      200,
      { events: ['AvailableUserEvent'], subscriptions: 1 },
    ]);
    const { json } = await call(subscriber, 'GET', `/subscriptions/${subscription}`);
    expect(json.data.events).toEqual(['UserCreated']);
  });

  it('a deleted subscription is gone', async () => {
    const path = `/subscriptions/${subscription}`;
    expect((await call(subscriber, 'DELETE', path)).status).toBe(200);
    expect((await call(subscriber, 'GET', path)).status).toBe(404);
    expect((await call(subscriber, 'GET', '/subscriptions')).json.data.subscriptions).toEqual([]);
  });

  it('tenants know nothing of each other', async () => {
    const other = { 'X-COREOS-TID': 'eu-1' };
    expect((await call(publisher, 'GET', '/apps', undefined, other)).status).toBe(404);
    const listed = await call(outsider, 'GET', '/topics/participant/events', undefined, other);
    expect(listed.json.data.events).toEqual([]);
  });

  it.each([
    [401, 'GET', '/apps', { 'X-COREOS-ACCESS': 'not-a-key' }, undefined, '101001024010'],
    [404, 'GET', '/nothing', {}, undefined, '101000004040'],
    [405, 'PUT', '/apps', {}, '{}', '101000004050'],
    [415, 'POST', '/apps', { 'Content-Type': 'text/xml' }, '<a/>', '101001014150'],
    [400, 'POST', '/apps', { 'Content-Type': 'application/json' }, '{"a":', '101001014000'],
    [413, 'POST', '/apps', { 'Content-Type': 'application/json' }, ' '.repeat(1_100_000), '101001014130'],
  ])('%i of %s %s has the envelope and the request id', async (status, method, path, headers, text, code) => {
    const answer = await stranger.call(method, ROOT + path, {
      ...(text !== undefined && { text }),
      headers: { 'X-COREOS-ACCESS': publisher, 'X-COREOS-REQUEST-ID': 'req-1', ...headers },
    });
    expect([answer.status, answer.json]).toEqual([
      status,
      {
        error: {
          code,
          description: expect.any(String) as string,
          additionalInfo: { errorTrace: [] },
        },
        request: { uri: ROOT + path, method, queryString: '', body: null },
      },
    ]);
    expect(answer.headers['x-coreos-request-id']).toBe('req-1');
  });

  it('a request id that is no plain text is replaced, not repeated', async () => {
    const answer = await call(publisher, 'GET', '/apps', undefined, { 'X-COREOS-REQUEST-ID': 'a b' });
    expect(answer.headers['x-coreos-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
