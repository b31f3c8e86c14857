import type { Pool } from 'pg';
import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { countWebhooksInTrouble, webhooksInTrouble } from './failing-webhooks.ts';

describe('webhooks in trouble', () => {
  let database: Database;
  let pool: Pool;
  beforeAll(async () => {
    database = await openSpecDatabase();
    pool = database.pool;
    await pool.query(`
      INSERT INTO account (id, name) OVERRIDING SYSTEM VALUE VALUES (101, 'one'), (102, 'two');
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config, is_active, disabled_reason, deleted_date)
      OVERRIDING SYSTEM VALUE VALUES
        (1, 101, 'http://well/', 'a', '{}', true, NULL, NULL),
        (2, 101, 'http://failing/', 'a', '{}', true, NULL, NULL),
        (3, 102, 'http://failing-later/', 'a', '{}', true, NULL, NULL),
        (4, 101, 'http://disabled/', 'a', '{}', false, 'It answered 410.', NULL),
        (5, 101, 'http://switched-off/', 'a', '{}', false, NULL, NULL),
        (6, 101, 'http://deleted/', 'a', '{}', false, 'It answered 410.', now());
      INSERT INTO webhook_health (webhook_id, failing_since) VALUES
        (1, NULL), (2, now() - interval '2 hours'), (3, now() - interval '1 hour'), (5, now()), (6, now());
      INSERT INTO delivery_attempt (webhook_id, event_id, number, requested_at, duration_ms, cause, response_http_status, error_kind, error)
      VALUES (2, 1, 1, now() - interval '9 minutes', 5, 'countdown', 500, 'timeout', 'too slow'),
             (2, 1, 2, now() - interval '3 minutes', 5, 'countdown', 503, NULL, NULL)`);
  });
  afterAll(() => database.close());

  const page = { limit: 10, offset: 0 };
  const ids = async (accountId: number | null, { limit, offset } = page) =>
    (await webhooksInTrouble(pool, accountId, { limit, offset })).map(({ id }) => id);

  it('are those that fail, the latest first, then those that were disabled for a reason', async () => {
    expect(await ids(null)).toEqual([3, 2, 4]);
    expect(await countWebhooksInTrouble(pool, null)).toBe(3);
    expect(await ids(null, { limit: 1, offset: 1 })).toEqual([2]);
  });

  it('are those of one account', async () => {
    expect(await ids(101)).toEqual([2, 4]);
    expect(await countWebhooksInTrouble(pool, 102)).toBe(1);
  });

  it('come with their latest attempt', async () => {
    const [failing, disabled] = await webhooksInTrouble(pool, 101, page);
    expect(failing).toMatchObject({ responseHttpStatus: 503, errorKind: null, disabledReason: null });
    expect(failing?.lastAttempt).toBeGreaterThan(failing?.failingSince ?? Infinity);
    expect(disabled).toMatchObject({ lastAttempt: null, disabledReason: 'It answered 410.' });
  });
});
