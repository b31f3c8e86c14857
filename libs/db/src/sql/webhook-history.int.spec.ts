import type { Pool } from 'pg';
import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { webhookHistory } from './webhook-history.ts';

describe('the history of a webhook', () => {
  let database: Database;
  let pool: Pool;
  beforeAll(async () => {
    database = await openSpecDatabase();
    pool = database.pool;
  });
  afterAll(() => database.close());
  beforeEach(() => pool.query('DELETE FROM delivery_attempt'));

  const attempt = (at: string, durationMs: number, status = 200, errorKind: string | null = null) =>
    pool.query(
      `INSERT INTO delivery_attempt (webhook_id, event_id, number, requested_at, duration_ms, cause, response_http_status, error_kind)
       VALUES (7, 1, 1, ${at}, $1, 'countdown', $2, $3)`,
      [durationMs, status, errorKind],
    );
  const hour = `date_bin('1 hour', now(), 'epoch')`;

  it('is what came of its attempts, and how long they took, stretch by stretch, oldest first', async () => {
    await attempt(`${hour} - interval '30 minutes'`, 10);
    await attempt(`${hour} - interval '29 minutes'`, 30);
    await attempt(`${hour} - interval '28 minutes'`, 20, 503);
    // A target that answered 200 and then sent no body has not taken the event.
    await attempt(`${hour} - interval '90 minutes'`, 40, 200, 'timeout');
    await attempt(`${hour} - interval '9 hours'`, 40);
    const history = await webhookHistory(pool, 7, { hours: 4, bucketMinutes: 60 });
    expect(history.map(({ attempts, delivered, p50, p95 }) => ({ attempts, delivered, p50, p95 }))).toEqual([
      { attempts: 1, delivered: 0, p50: 40, p95: 40 },
      { attempts: 3, delivered: 2, p50: 20, p95: 30 },
    ]);
    const [first, second] = history.map(({ from }) => from);
    expect((second ?? 0) - (first ?? 0)).toBe(3_600_000_000);
  });

  it('is empty for one without attempts', async () => {
    expect(await webhookHistory(pool, 7, { hours: 24, bucketMinutes: 24 })).toEqual([]);
  });
});
