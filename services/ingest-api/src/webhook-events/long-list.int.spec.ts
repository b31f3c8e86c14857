import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const TOKEN = 'a-superuser-token-of-this-spec';
const EVENTS = 10_030;

interface Page {
  count: number;
  next: string | null;
  results: { object_id: number }[];
}

describe('A list that is too long to be counted', () => {
  let database: Database;
  let api: RunningIngestApi;
  beforeAll(async () => {
    database = await openSpecDatabase();
    api = await runIngestApi(await freePort(), { DATABASE_URL: database.url, API_TOKEN: TOKEN });
    await database.pool.query(
      `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
       SELECT id, 'http://127.0.0.1:9/', 'package.created', '{}' FROM account`,
    );
    await database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts,
                                  response_http_status)
       SELECT gen_random_uuid(), webhook.id, event_type, 4, n::text, '{}',
              CASE WHEN n <= 30 THEN 'exhausted' ELSE 'delivered' END, 1, CASE WHEN n <= 30 THEN 503 ELSE 200 END
         FROM webhook, generate_series(1, $1) AS n`,
      [EVENTS],
    );
    await database.pool.query('ANALYZE webhook_event');
  });
  afterAll(async () => {
    await api.stop();
    await database.close();
  });

  const page = async (query: string, status = 200): Promise<Page> =>
    (
      await request(api.url)
        .get(`/api/v1/oms/oms_hook_events/?${query}`)
        .set('Authorization', `Token ${TOKEN}`)
        .expect(status)
    ).body as Page;

  it('has an estimated count, says so, and goes on', async () => {
    const first = await page('');
    expect(first).toMatchObject({ count_estimated: true, previous: null });
    expect(first.count).toBeGreaterThan(10_000);
    expect(first.next).toContain('page=2');
    expect(first.results.map((event) => event.object_id).slice(0, 2)).toEqual([EVENTS, EVENTS - 1]);
  });

  it('has no page whose number PostgreSQL could not read', async () => {
    await page(`page=${'9'.repeat(30)}`, 404);
  });

  it('has an exact last page, and none after it', async () => {
    const pages = Math.ceil(EVENTS / 100);
    const last = await page('page=last&page_size=100');
    expect(last).toMatchObject({ count: EVENTS, next: null });
    expect(last).not.toHaveProperty('count_estimated');
    expect(await page(`page=${pages}&page_size=100`)).toEqual(last);
    expect(await page(`page=${pages + 1}&page_size=100`, 404)).toEqual({ detail: 'Invalid page.' });
  });

  it('is counted exactly once it is narrowed', async () => {
    for (const filter of ['state=exhausted', 'response_http_status=503', 'delivered=false']) {
      const narrowed = await page(filter);
      expect(narrowed).toMatchObject({ count: 30, previous: null });
      expect(narrowed).not.toHaveProperty('count_estimated');
    }
  });
});
