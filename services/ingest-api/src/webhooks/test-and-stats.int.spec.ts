import { claimDueEvents, recordAttempts, type AttemptRecord, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const ADMIN = 'the key of the settings';

describe('a webhook', () => {
  let database: Database;
  let api: RunningIngestApi;
  beforeAll(async () => {
    database = await openSpecDatabase();
    api = await runIngestApi(await freePort(), {
      DATABASE_URL: database.url,
      API_TOKEN: ADMIN.replaceAll(' ', '-'),
      // No dispatcher runs beside this spec: a test waits 5 s and this.
      DELIVERY_TIMEOUT_MS: '10',
    });
  });
  beforeEach(() =>
    database.pool.query('DELETE FROM webhook_event; DELETE FROM delivery_attempt; DELETE FROM webhook'),
  );
  afterAll(async () => {
    await api.stop();
    await database.close();
  });

  const call = (verb: 'get' | 'post' | 'patch', path: string, key = ADMIN.replaceAll(' ', '-')) =>
    request(api.url)[verb](path).set('Authorization', `Token ${key}`);
  const create = async (fields: object = {}) => {
    const hook = { target_url: 'http://127.0.0.1:9/', event_type: 'package.created', ...fields };
    return ((await call('post', '/whisperer/hooks/').send(hook)).body as { id: number }).id;
  };

  /** What a dispatcher does, as soon as an event is due. */
  async function attemptOnce(webhookId: number, attempt: (event: DispatchedEvent) => AttemptRecord) {
    for (;;) {
      const [event] = await claimDueEvents(database.pool, [{ webhookId, room: 1 }], 30);
      if (event) return recordAttempts(database.pool, [attempt(event)]);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const answered =
    (status: number): ((event: DispatchedEvent) => AttemptRecord) =>
    (event) => ({
      event,
      outcome: {
        kind: 'answered',
        status,
        headers: { server: 'spec' },
        content: Buffer.from('text'),
        startedAt: event.createdDate,
        durationMs: 12,
      },
      next: { state: status === 200 ? 'delivered' : 'exhausted' },
    });

  it.each([
    [200, 'delivered'],
    [503, 'exhausted'],
  ])('is tested by an event that goes the way of all, and shows its attempt (%i)', async (status, state) => {
    const id = await create();
    const [answer] = await Promise.all([
      call('post', `/whisperer/hooks/${id}/test/`),
      attemptOnce(id, answered(status)),
    ]);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      uuid: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      state,
      number: 1,
      request_datetime: expect.any(String) as string,
      response_datetime: expect.any(String) as string,
      duration_ms: 12,
      response_http_status: status,
      error_kind: null,
      response_headers: { server: 'spec' },
      response_content: 'text',
      cause: 'resend',
    });
    const { uuid } = answer.body as { uuid: string };
    const listed = await call('get', `/api/v1/oms/oms_hook_events/?uuid=${uuid}`);
    expect(listed.body).toMatchObject({
      results: [{ request_payload: { payload: { test: true, webhook: id } }, object_id: id, state }],
    });
  });

  it('says in words when no dispatcher came, and the event is not sent later', async () => {
    const id = await create();
    const answer = await call('post', `/whisperer/hooks/${id}/test/`);
    expect([answer.status, answer.body]).toEqual([
      504,
      expect.objectContaining({
        detail: 'No dispatcher has taken the event within 5.01 s. It was not sent.',
      }),
    ]);
    expect(await claimDueEvents(database.pool, [{ webhookId: id, room: 1 }], 30)).toEqual([]);
  });

  it('waits in vain, but not in error, for an event that somebody removes', async () => {
    const id = await create();
    const asked = call('post', `/whisperer/hooks/${id}/test/`).then(({ status }) => status);
    for (let removed = 0; removed === 0;) {
      const { rowCount } = await database.pool.query('DELETE FROM webhook_event');
      removed = rowCount ?? 0;
    }
    expect(await asked).toBe(504);
  });

  it('is not tested while it is inactive, nor by a stranger', async () => {
    const id = await create({ is_active: false });
    const answer = await call('post', `/whisperer/hooks/${id}/test/`);
    expect([answer.status, answer.body]).toEqual([400, { non_field_errors: ['Webhook is not active.'] }]);
    const made = await call('post', '/api/v1/oms/tokens/').send({ account: 'stranger' });
    const { token } = made.body as { token: string };
    for (const path of ['test', 'stats'])
      expect(
        (await call(path === 'test' ? 'post' : 'get', `/whisperer/hooks/${id}/${path}/`, token)).status,
      ).toBe(404);
  });

  /** Attempts of the past. */
  const past = (webhookId: number, count: number, every: string, values: string) =>
    database.pool.query(
      `INSERT INTO delivery_attempt (event_id, number, requested_at, cause, webhook_id, duration_ms, response_http_status, error_kind)
       SELECT n, 1, now() - n * interval '${every}', 'countdown', $1, ${values} FROM generate_series(1, $2::int) AS n`,
      [webhookId, count],
    );

  it('has figures of its last hour and day, backlog included', async () => {
    const id = await create();
    const other = await create({ event_type: 'shipment.created' });
    await past(id, 100, '1 minute', 'n, CASE WHEN n % 4 = 0 THEN 500 ELSE 200 END, NULL');
    await past(other, 50, '1 minute', `9999, 500, 'timeout'`);
    await database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, next_attempt_at)
       SELECT gen_random_uuid(), $1, 'package.created', 4, n::text, now() + (n - 2) * interval '1 minute' FROM generate_series(1, 3) AS n`,
      [id],
    );
    const { body } = await call('get', `/whisperer/hooks/${id}/stats/`);
    expect(body).toEqual({
      webhook: id,
      is_active: true,
      disabled_reason: null,
      last_hour: {
        attempts: 59,
        delivered: 45,
        success_share: 0.7627,
        attempts_per_minute: 0.983,
        duration_ms: { p50: 30, p95: 57, p99: 59 },
        sampled: false,
      },
      last_24_hours: {
        attempts: 100,
        delivered: 75,
        success_share: 0.75,
        attempts_per_minute: 0.069,
        duration_ms: { p50: 50, p95: 95, p99: 99 },
        sampled: false,
      },
      backlog: {
        events: 3,
        at_least: false,
        oldest_due: expect.stringMatching(/Z$/) as string,
        oldest_due_seconds: expect.any(Number) as number,
      },
      last_delivered: expect.stringMatching(/Z$/) as string,
      last_failed: expect.stringMatching(/Z$/) as string,
      failing_since: null,
      circuit: null,
    });
    const { backlog } = body as { backlog: { oldest_due_seconds: number } };
    expect(backlog.oldest_due_seconds).toBeGreaterThanOrEqual(60);
  });

  it('has figures of its latest 10,000 attempts and waiting events when there are more', async () => {
    const id = await create();
    await past(id, 12_000, '100 milliseconds', '5, 200, NULL');
    await database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, next_attempt_at)
       SELECT gen_random_uuid(), $1, 'package.created', 4, n::text, now() + interval '1 hour' FROM generate_series(1, 10001) AS n`,
      [id],
    );
    const { body } = await call('get', `/whisperer/hooks/${id}/stats/`);
    expect(body).toMatchObject({
      last_hour: { attempts: 10_000, sampled: true },
      backlog: { events: 10_000, at_least: true, oldest_due: null, oldest_due_seconds: 0 },
    });
    const { last_hour } = body as { last_hour: { attempts_per_minute: number } };
    expect(last_hour.attempts_per_minute).toBeGreaterThan(550);
    expect(last_hour.attempts_per_minute).toBeLessThanOrEqual(601);
  });

  it('has figures before its first attempt, and the reason why it is disabled', async () => {
    const id = await create();
    await database.pool.query(
      `UPDATE webhook SET is_active = false, disabled_reason = 'Gone.' WHERE id = $1`,
      [id],
    );
    expect((await call('get', `/whisperer/hooks/${id}/stats/`)).body).toMatchObject({
      is_active: false,
      disabled_reason: 'Gone.',
      last_hour: { attempts: 0, success_share: null, attempts_per_minute: 0, duration_ms: null },
      backlog: { events: 0 },
      last_delivered: null,
    });
  });
});
