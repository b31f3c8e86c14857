import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import fc from 'fast-check';
import { Agent, request } from 'node:http';
import { freePort } from '../../../tests/environment/free-port.ts';
import { corpus, hostileBodies, type Body } from './testing/hostile-bodies.ts';
import { runIngestApi, type RunningIngestApi } from './testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';
/** Bodies that each call is sent; more of them, for a night, by `FUZZ_RUNS`. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 150);

interface Answer {
  status: number;
  text: string;
}

/** What a call may answer, however it is misused. */
const ANSWERS = new Set([200, 201, 202, 204, 400, 404, 406, 409, 413, 415]);

describe('a writing call', () => {
  let database: Database;
  let api: RunningIngestApi;
  const agent = new Agent({ keepAlive: true });
  const ids = { hook: 0, event: 0, token: 0 };
  const calls: [name: string, method: string, path: () => string, valid: () => object][] = [
    [
      'publish-event',
      'POST',
      () => '/api/v1/oms/oms_hook_events/publish-event/',
      () => ({ hook: ids.hook, instance: { pk: 8812, model: 'package', data: { id: 1.1, tags: ['a'] } } }),
    ],
    [
      'resend-event',
      'POST',
      () => '/api/v1/oms/oms_hook_events/resend-event/',
      () => ({ event: '5f0c6a7e-3b0e-4f7c-9a53-0c9c8e1d2f3a' }),
    ],
    [
      'publish to all',
      'POST',
      () => '/api/v1/oms/events/',
      () => ({
        event_type: 'package.created',
        instance: { pk: 8812, model: 'package', data: { id: 1.1 } },
        idempotency_key: 'k',
      }),
    ],
    [
      'publish a batch',
      'POST',
      () => '/api/v1/oms/events/batch/',
      () => ({
        events: [{ event_type: 'package.created', instance: { pk: 1, model: 'package', data: {} } }],
      }),
    ],
    [
      'create an event type',
      'POST',
      () => '/api/v1/oms/event_types/',
      () => ({
        name: 'order.returned',
        description: 'd',
        schema: { type: 'object', properties: { id: { type: 'integer' } } },
        example: { id: 1 },
      }),
    ],
    [
      'change an event type',
      'PATCH',
      () => '/api/v1/oms/event_types/order.lost/',
      () => ({ description: 'd', schema: { required: ['id'] }, example: { id: 1 } }),
    ],
    ['retry', 'POST', () => `/whisperer/hook_events/${ids.event}/retry/`, () => ({ force: true })],
    ['create a webhook', 'POST', () => '/whisperer/hooks/', webhook],
    ['test a webhook', 'POST', () => `/whisperer/hooks/${ids.hook}/test/`, () => ({ force: true })],
    ['replace a webhook', 'PUT', () => `/whisperer/hooks/${ids.hook}/`, webhook],
    ['change a webhook', 'PATCH', () => `/whisperer/hooks/${ids.hook}/`, webhook],
    [
      'create a token',
      'POST',
      () => '/api/v1/oms/tokens/',
      () => ({
        account: 'akinon',
        superuser: false,
        roles: [{ name: 'r', permissions: ['p'] }],
        app: 'app:1',
      }),
    ],
    [
      'change a token',
      'PATCH',
      () => `/api/v1/oms/tokens/${ids.token}/`,
      () => ({ roles: [{ name: 'r', permissions: ['p', 'q'] }] }),
    ],
  ];

  function webhook(): object {
    return {
      target_url: 'http://127.0.0.1:9/hook',
      event_type: 'package.created',
      is_active: true,
      secret_key: 'swordfish',
      callback: 'c',
      retry_countdown_config: { choice: 'exponential', kwargs: { base: 2, factor: 3, limit: 60 } },
      additional_headers: { 'X-Api-Key': 'k' },
      config: { max_attempts: 3, auth: { auth_type: 'basic', username: 'u', password: 'p' } },
    };
  }

  function send(method: string, path: string, body: Body): Promise<Answer | 'hung up'> {
    return new Promise((resolve) => {
      const { bytes, contentType, encoding, cutOff } = body;
      const asked = request(`${api.url}${path}`, {
        method,
        agent: cutOff ? false : agent,
        headers: {
          Authorization: `Token ${TOKEN}`,
          'Content-Length': bytes.length + (cutOff ? 100 : 0),
          ...(contentType !== undefined && { 'Content-Type': contentType }),
          ...(encoding !== undefined && { 'Content-Encoding': encoding }),
        },
      });
      asked.on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      });
      asked.on('error', () => resolve('hung up'));
      if (cutOff) asked.write(bytes, () => asked.destroy());
      else asked.end(bytes);
    });
  }

  const rows = async () => {
    const { rows } = await database.pool.query<Record<string, number>>(
      `SELECT (SELECT count(*) FROM webhook) AS webhooks, (SELECT count(*) FROM webhook_event) AS events,
              (SELECT count(*) FROM token) AS tokens,
              (SELECT count(*) FROM audit_entry WHERE action = 'create') AS created`,
    );
    return rows[0] ?? {};
  };

  /** Sends it, and holds the answer against what may be answered. */
  async function judged(name: string, method: string, path: string, body: Body): Promise<number> {
    const before = await rows();
    const answer = await send(method, path, body);
    if (answer === 'hung up') {
      expect([name, await rows()]).toEqual([name, before]);
      return 0;
    }
    const { status, text } = answer;
    expect([name, text.slice(0, 500), ANSWERS.has(status) ? 'may be' : status]).toEqual([
      name,
      text.slice(0, 500),
      'may be',
    ]);
    expect(text).not.toMatch(/\n\s+at |node_modules|\.ts:\d/);
    if (text !== '') JSON.parse(text);
    const grew = (column: string, call: string, success: number) =>
      (before[column] ?? 0) + (name === call && status === success ? 1 : 0);
    const after = {
      webhooks: grew('webhooks', 'create a webhook', 201),
      events: grew('events', 'publish-event', 202) + (name === 'test a webhook' && status === 200 ? 1 : 0),
      tokens: grew('tokens', 'create a token', 201),
      created: (before.created ?? 0) + (name.startsWith('create') && status === 201 ? 1 : 0),
    };
    expect([name, status, await rows()]).toEqual([name, status, after]);
    return status;
  }

  beforeAll(async () => {
    database = await openSpecDatabase();
    // In the place of a dispatcher, which a test delivery waits for.
    await database.pool.query(`
      CREATE FUNCTION attempt_at_once() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.attempts = 1; NEW.state = 'delivered'; NEW.next_attempt_at = NULL;
        INSERT INTO delivery_attempt (event_id, number, requested_at, duration_ms, cause, response_http_status)
        VALUES (NEW.id, 1, now(), 1, 'resend', 200);
        RETURN NEW;
      END $$;
      CREATE TRIGGER attempt_at_once BEFORE INSERT ON webhook_event
        FOR EACH ROW WHEN (NEW.attempt_limit = 1) EXECUTE FUNCTION attempt_at_once()`);
    api = await runIngestApi(await freePort(), {
      DATABASE_URL: database.url,
      API_TOKEN: TOKEN,
      SECRETS_KEY: 'a key of this house',
    });
  });
  beforeEach(async () => {
    api.lines.splice(0);
    await database.pool.query(`
      DELETE FROM webhook_event; DELETE FROM webhook; DELETE FROM event_type;
      INSERT INTO event_type (name, description) VALUES ('order.lost', '')`);
    const { rows } = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
       VALUES (1, 'http://127.0.0.1:9/', 'package.updated', '{"choice":"fixed","kwargs":{"seconds":60}}') RETURNING id`,
    );
    ids.hook = rows[0]?.id ?? 0;
    const event = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload)
       VALUES ('5f0c6a7e-3b0e-4f7c-9a53-0c9c8e1d2f3a', $1, 'package.updated', 4, '1', '{}') RETURNING id`,
      [ids.hook],
    );
    ids.event = event.rows[0]?.id ?? 0;
    const token = await database.pool.query<{ id: number }>(
      `INSERT INTO token (account_id, key_hash) VALUES (1, $1) RETURNING id`,
      [Buffer.from(String(Math.random()))],
    );
    ids.token = token.rows[0]?.id ?? 0;
  });
  afterEach(() => {
    expect(api.lines.filter(({ level }) => level === 'error')).toEqual([]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
  afterAll(async () => {
    agent.destroy();
    await api.stop();
    await database.close();
  });

  it.each(calls)('succeeds when it is used as it should be: %s', async (name, method, path, valid) => {
    const body = { bytes: Buffer.from(JSON.stringify(valid())), contentType: 'application/json' };
    expect([200, 201, 202]).toContain(await judged(name, method, path(), body));
  });

  it.each(calls)(
    'withstands the corpus: %s',
    async (name, method, path) => {
      for (const [, body] of corpus) await judged(name, method, path(), body);
    },
    180_000,
  );

  it.each(calls)(
    'withstands whatever it is sent: %s',
    async (name, method, path, valid) => {
      const statuses = new Map<number, number>();
      await fc.assert(
        fc.asyncProperty(hostileBodies(valid()), async (body) => {
          const status = await judged(name, method, path(), body);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          // A webhook that was registered would make the next ones duplicates.
          if (name === 'create a webhook' && status === 201)
            await database.pool.query('DELETE FROM webhook WHERE id <> $1', [ids.hook]);
          if (name === 'create an event type' && status === 201)
            await database.pool.query(`DELETE FROM event_type WHERE name <> 'order.lost'`);
        }),
        { numRuns: RUNS },
      );
      // Both the refusals and what lies behind them were reached, except where a body says nothing.
      if (name !== 'test a webhook') expect(statuses.size).toBeGreaterThan(1);
    },
    120_000 + RUNS * 400,
  );
});
