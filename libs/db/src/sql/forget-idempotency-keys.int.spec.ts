import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { forgetIdempotencyKeys } from './forget-idempotency-keys.ts';

describe('forgetIdempotencyKeys', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  it('removes keys older than a day and an hour, a thousand at a time', async () => {
    await database.pool.query(`
      INSERT INTO idempotency_key (account_id, key, request_hash, event_uuid, created_date)
      SELECT 1, i::text, '', gen_random_uuid(), now() - interval '26 hours' FROM generate_series(1, 1500) AS i;
      INSERT INTO idempotency_key (account_id, key, request_hash, event_uuid, created_date)
      VALUES (2, 'young', '', gen_random_uuid(), now() - interval '24 hours 59 minutes')`);
    expect(await forgetIdempotencyKeys(database.pool)).toBe(true);
    expect(await forgetIdempotencyKeys(database.pool)).toBe(false);
    const { rows } = await database.pool.query('SELECT key FROM idempotency_key');
    expect(rows).toEqual([{ key: 'young' }]);
  });
});
