import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { eventually } from '../../../../tests/environment/target.ts';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const ADMIN = 'the-key-of-the-settings';
const RESEND = '/api/v1/oms/oms_hook_events/resend-events/';
const TASKS = '/api/v1/oms/tasks/';

describe('bulk resend', () => {
  let database: Database;
  let api: RunningIngestApi;
  let shop: string;
  let other: string;
  beforeAll(async () => {
    database = await openSpecDatabase();
    api = await runIngestApi(await freePort(), { DATABASE_URL: database.url, API_TOKEN: ADMIN });
    const tokenOf = async (account: string) =>
      (await as(ADMIN).post('/api/v1/oms/tokens/', { account })).body.token as string;
    shop = await tokenOf('shop');
    other = await tokenOf('other');
    await database.pool.query(`
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config)
      SELECT 7, id, 'http://127.0.0.1:9/', 'package.created', '{}' FROM account WHERE name = 'shop'`);
  });
  beforeEach(() =>
    database.pool.query(`
      DELETE FROM resend_task; DELETE FROM webhook_event;
      INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts, response_http_status)
      SELECT gen_random_uuid(), 7, 'package.created', 4, n, '{}', CASE WHEN n <= 5 THEN 'exhausted' ELSE 'delivered' END, 1,
             CASE WHEN n <= 5 THEN 503 ELSE 200 END
        FROM generate_series(1, 8) AS n`),
  );
  afterAll(async () => {
    await api.stop();
    await database.close();
  });

  const as = (token: string) => {
    const authorized = (test: request.Test) => test.set('Authorization', `Token ${token}`);
    return {
      get: (path: string) => authorized(request(api.url).get(path)),
      post: (path: string, body: object = {}) => authorized(request(api.url).post(path)).send(body),
    };
  };
  const states = async () => {
    const { rows } = await database.pool.query<{ state: string; n: number }>(
      'SELECT state, count(*)::int AS n FROM webhook_event GROUP BY state ORDER BY state',
    );
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  };
  const ended = (token: string, task: number) =>
    eventually(async () => {
      const { body } = (await as(token).get(`${TASKS}${task}/`)) as { body: Record<string, unknown> };
      return ['FINISHED', 'FAILED', 'ABORTED'].includes(body.state as string) ? body : undefined;
    });

  it('tells by dry_run how many it would be, and does nothing', async () => {
    const { status, body } = await as(shop).post(RESEND, { state: 'exhausted', dry_run: true });
    expect([status, body]).toEqual([200, { count: 5 }]);
    expect(await states()).toEqual({ delivered: 3, exhausted: 5 });
    expect((await as(shop).get(TASKS)).body.count).toBe(0);
  });

  it('resends what the filters select, and shows how far it is', async () => {
    const started = await as(shop).post(RESEND, { response_http_status: 503, delivered: false, rate: '50' });
    expect(started.status).toBe(202);
    expect(started.body).toEqual({ task: expect.any(Number), count: 5 });
    const task = await ended(shop, started.body.task as number);
    expect(task).toEqual({
      id: started.body.task,
      state: 'FINISHED',
      total: 5,
      done: 5,
      failed: 0,
      created_date: expect.stringMatching(/^\d{4}-.*\.\d{6}Z$/),
      finished_date: expect.any(String),
      estimated: false,
      rate: 50,
      filters: { response_http_status: '503', delivered: 'false' },
      account: 'shop',
      error: null,
    });
    expect(await states()).toEqual({ delivered: 3, retrying: 5 });
    const { rows } = await database.pool.query(
      `SELECT DISTINCT attempt_cause, next_attempt_at <= now() AS due FROM webhook_event WHERE state = 'retrying'`,
    );
    expect(rows).toEqual([{ attempt_cause: 'resend', due: true }]);
    expect((await as(shop).get(TASKS)).body.results).toEqual([task]);
  });

  it('can be aborted, and leaves entries in the audit log', async () => {
    const { task } = (await as(shop).post(RESEND, { rate: 1 })).body as { task: number };
    const aborted = await as(shop).post(`${TASKS}${task}/abort/`);
    expect([aborted.status, aborted.body.state]).toEqual([200, 'ABORTED']);
    expect((await as(shop).post(`${TASKS}${task}/abort/`)).body).toEqual(aborted.body);
    const { results } = (await as(shop).get(`/api/v1/oms/audit/?object_type=resend_task&object_id=${task}`))
      .body;
    expect(results).toMatchObject([
      { action: 'update', changes: { state: [expect.any(String), 'ABORTED'] } },
      {
        action: 'create',
        account: 'shop',
        changes: { rate: [null, 1], total: [null, 8], filters: [null, {}] },
      },
    ]);
  });

  it('is of an account: another neither has its events nor sees its task, a superuser does', async () => {
    expect((await as(other).post(RESEND, { dry_run: true })).body).toEqual({ count: 0 });
    const { task } = (await as(shop).post(RESEND)).body as { task: number };
    for (const call of [as(other).get(`${TASKS}${task}/`), as(other).post(`${TASKS}${task}/abort/`)])
      expect((await call).status).toBe(404);
    expect((await as(other).get(TASKS)).body.count).toBe(0);
    expect((await as(ADMIN).get(`${TASKS}${task}/`)).body.account).toBe('shop');
  });

  it.each([
    [{ uuid: 'x' }, { uuid: ['Enter a valid UUID.'] }],
    [{ created_date__gte: 'soon' }, { created_date__gte: ['Enter a valid date/time.'] }],
    [{ state: 'lost' }, { state: ['Select a valid choice. lost is not one of the available choices.'] }],
    [
      { webhook: 99 },
      { webhook: ['Select a valid choice. That choice is not one of the available choices.'] },
    ],
    [{ state: ['exhausted'] }, { state: ['Not a valid string.'] }],
    [{ rate: 0 }, { rate: ['Ensure this value is greater than or equal to 1.'] }],
    [{ dry_run: 'maybe' }, { dry_run: ['Must be a valid boolean.'] }],
    // A list would ignore these; here they would resend more than was meant.
    [{ wbhook: 7 }, { wbhook: ['Unknown filter.'] }],
    [{ state: 'exhausted', toString: 1 }, { toString: ['Unknown filter.'] }],
    [{ delivered: 'maybe' }, { delivered: ['Not a valid value.'] }],
  ])('refuses %j', async (body, messages) => {
    const refused = await as(shop).post(RESEND, body);
    expect([refused.status, refused.body]).toEqual([400, messages]);
  });

  it('refuses a twenty-first task at a time', async () => {
    await database.pool.query(`
      INSERT INTO resend_task (account_id, superuser, filters, rate, total, estimated, last_id, next_step_date)
      SELECT id, false, '{}', 1, 1, false, 0, now() + interval '1 hour'
        FROM account, generate_series(1, 20) WHERE name = 'shop'`);
    expect((await as(shop).post(RESEND)).status).toBe(409);
    expect((await as(other).post(RESEND)).status).toBe(202);
  });
});
