import { randomUUID } from 'node:crypto';
import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { EventState } from '@oms-webhooks/domain';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';
const IN_PROCESS = { code: 'event_100_6', en: 'Event is still in retry process' };

describe('retry of an event', () => {
  let database: Database;
  let api: RunningIngestApi;
  beforeAll(async () => {
    database = await openSpecDatabase();
    api = await runIngestApi(await freePort(), { DATABASE_URL: database.url, API_TOKEN: TOKEN });
  });
  beforeEach(() => database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook'));
  afterAll(async () => {
    await api.stop();
    await database.close();
  });

  async function retry(state: EventState, attempts: number, config: object, body: object) {
    const hook = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config, config)
       VALUES (1, 'http://127.0.0.1:9/', 'package.created', '{"choice":"fixed","kwargs":{"seconds":60}}', $1)
       RETURNING id`,
      [config],
    );
    const event = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts, next_attempt_at)
       VALUES ($1, $2, 'package.created', 4, '1', '{}', $3, $4, CASE WHEN $5 THEN now() + interval '1 hour' END) RETURNING id`,
      [randomUUID(), hook.rows[0]?.id, state, attempts, state === 'pending' || state === 'retrying'],
    );
    return request(api.url)
      .post(`/whisperer/hook_events/${event.rows[0]?.id}/retry/`)
      .set('Authorization', `Token ${TOKEN}`)
      .send(body);
  }

  // It was refused for having fewer attempts than the 11 of other webhooks.
  it.each<[EventState, number, object]>([
    ['exhausted', 3, { max_attempts: 3, recovery_attempts: 0 }],
    ['exhausted', 19, {}],
    ['cancelled', 0, {}],
    ['retrying', 11, {}],
    ['retrying', 3, { max_attempts: 3 }],
  ])(
    'needs no force for a %s one after %i attempts of a webhook with %j',
    async (state, attempts, config) => {
      expect((await retry(state, attempts, config, {})).status).toBe(200);
    },
  );

  it.each<[EventState, number, object]>([
    ['pending', 0, {}],
    ['retrying', 10, {}],
    ['retrying', 2, { max_attempts: 3 }],
    ['retrying', 11, { max_attempts: 12 }],
  ])('needs force for a %s one after %i attempts of a webhook with %j', async (state, attempts, config) => {
    const refused = await retry(state, attempts, config, { force: false });
    expect([refused.status, refused.body]).toEqual([406, IN_PROCESS]);
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook');
    expect((await retry(state, attempts, config, { force: true })).status).toBe(200);
  });

  it('is refused for a delivered one, with force or without', async () => {
    const refused = await retry('delivered', 1, {}, { force: true });
    expect([refused.status, refused.body]).toEqual([
      406,
      { code: 'event_100_3', en: 'Event already delivered' },
    ]);
  });
});
