import fc from 'fast-check';
import { Agent, request } from 'node:http';
import { corpus, hostileBodies, type Body } from '../testing/hostile-bodies.ts';
import { ADMIN, OS1, runRegistry, type RunningRegistry } from '../testing/run-registry.ts';

/** Bodies that each call is sent; more of them, for a night, by `FUZZ_RUNS`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 60);
const KEY = 'c3dvcmRmaXNo';
/** What a call may answer, however it is misused. */
const ANSWERS = new Set([200, 201, 400, 404, 409, 413, 415]);
const TABLES = ['publisher_app', 'published_event', 'subscription', 'webhook'];

describe('a writing call of the OS1 family', () => {
  let registry: RunningRegistry;
  const agent = new Agent({ keepAlive: true });
  const ids = { app: '', subscription: '' };
  const registered = (name: string) => ({
    name,
    description: 'd',
    eventType: 'UserCreatedEvent',
    filterLogic: { '===': [{ var: 'event.state' }, 'active:available'] },
    type: 'users',
  });
  const calls: [name: string, method: string, path: () => string, valid: () => object][] = [
    ['createAppConfig', 'POST', () => '/apps', () => ({ permissions: ['get-users'], name: 'Users' })],
    ['UpdateAppConfig', 'PATCH', () => '/apps', () => ({ permissions: [], name: 'Users' })],
    [
      'registerEvents',
      'POST',
      () => '/topics/entity/events',
      () => ({ getApiPath: '/users/{userId}', events: [registered('UserSeen'), registered('UserGone')] }),
    ],
    [
      'updatePublisherEvents',
      'PUT',
      () => '/topics/entity/events/UserCreated',
      () => ({ events: [registered('UserCreated')] }),
    ],
    [
      'try a message',
      'POST',
      () => '/topics/entity/events/UserCreated/try',
      () => ({ message: { eventType: 'UserCreatedEvent', state: 'active:available', id: 7 } }),
    ],
    ['bulkDeleteEvents', 'DELETE', () => '/topics/entity/events', () => ({ events: ['UserDeleted'] })],
    [
      'subscribe',
      'POST',
      () => '/subscriptions',
      () => ({
        description: 'd',
        topic: 'entity',
        eventAppId: ids.app,
        events: ['UserCreated'],
        isActive: true,
        customAttr: false,
        webhook: { url: 'http://127.0.0.1:9/', signatureKey: KEY },
      }),
    ],
    [
      'change a subscription',
      'PATCH',
      () => `/subscriptions/${ids.subscription}`,
      () => ({
        description: 'd',
        isActive: true,
        webhook: { url: 'http://127.0.0.1:9/', signatureKey: KEY },
      }),
    ],
    [
      'change its events',
      'PATCH',
      () => `/subscriptions/${ids.subscription}/events`,
      () => ({ action: 'add', events: ['UserDeleted'] }),
    ],
  ];

  function send(method: string, path: string, body: Body): Promise<{ status: number; text: string }> {
    const { bytes, contentType, encoding } = body;
    return new Promise((resolve, reject) => {
      const asked = request(`${registry.api.url}${OS1}${path}`, {
        method,
        agent,
        headers: {
          Authorization: `Token ${ADMIN}`,
          'Content-Length': bytes.length,
          ...(contentType !== undefined && { 'Content-Type': contentType }),
          ...(encoding !== undefined && { 'Content-Encoding': encoding }),
        },
      });
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on('error', reject).end(bytes);
    });
  }

  const rows = async () => {
    const counts = TABLES.map((table) => `(SELECT count(*) FROM ${table})`).join();
    return (await registry.database.pool.query({ text: `SELECT ${counts}`, rowMode: 'array' })).rows;
  };

  /** Sends it, and holds the answer against what may be answered. */
  async function judged(name: string, method: string, path: string, body: Body): Promise<number> {
    const before = await rows();
    const { status, text } = await send(method, path, body);
    expect([name, text.slice(0, 500), ANSWERS.has(status) ? 'may be' : status]).toEqual([
      name,
      text.slice(0, 500),
      'may be',
    ]);
    expect(text).not.toContain(KEY);
    const answer = JSON.parse(text) as object;
    if (status < 300) return status;
    expect(answer).toEqual({
      error: {
        code: expect.stringMatching(/^\d{12}$/) as string,
        description: expect.any(String) as string,
        additionalInfo: { errorTrace: expect.any(Array) as object[] },
      },
      request: expect.objectContaining({ uri: `${OS1}${path}`, method }) as object,
    });
    expect(await rows()).toEqual(before);
    return status;
  }

  beforeAll(async () => {
    registry = await runRegistry();
  });
  beforeEach(reset);
  afterEach(() => {
    expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
  });
  afterAll(async () => {
    agent.destroy();
    await registry.close();
  });

  /** An app with two events, and a subscription to one of them. */
  async function reset(): Promise<void> {
    await registry.database.pool.query(`TRUNCATE ${TABLES.join()}`);
    const post = async (path: string, json: object) => {
      const body = { bytes: Buffer.from(JSON.stringify(json)), contentType: 'application/json' };
      return (JSON.parse((await send('POST', path, body)).text) as { data: { id: string } }).data;
    };
    ids.app = (await post('/apps', { permissions: [] })).id;
    await post('/topics/entity/events', { events: ['UserCreated', 'UserDeleted'].map(registered) });
    const webhook = { url: 'http://127.0.0.1:9/', signatureKey: KEY };
    const made = { topic: 'entity', eventAppId: ids.app, events: ['UserCreated'], webhook };
    ids.subscription = (await post('/subscriptions', made)).id;
  }

  it.each(calls)('succeeds when it is used as it should be: %s', async (name, method, path, valid) => {
    if (name === 'createAppConfig') await registry.database.pool.query(`TRUNCATE ${TABLES.join()}`);
    const body = { bytes: Buffer.from(JSON.stringify(valid())), contentType: 'application/json' };
    expect([200, 201]).toContain(await judged(name, method, path(), body));
  });

  it.each(calls)(
    'withstands the corpus: %s',
    async (name, method, path) => {
      for (const [, body] of corpus) if (!body.cutOff) await judged(name, method, path(), body);
    },
    180_000,
  );

  it.each(calls)(
    'withstands whatever it is sent: %s',
    async (name, method, path, valid) => {
      const statuses = new Set<number>();
      await fc.assert(
        fc.asyncProperty(hostileBodies(valid()), async (body) => {
          const status = await judged(name, method, path(), body);
          statuses.add(status);
          // What was registered or deleted would decide what the next ones meet.
          if (status < 300) await reset();
        }),
        { numRuns: RUNS },
      );
      // Both the refusals and what lies behind them were reached.
      expect(statuses.size).toBeGreaterThan(1);
    },
    120_000 + RUNS * 400,
  );
});
