import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { noteDelivered, noteFailed } from './note-outcomes.ts';
import { requeueExhausted } from './requeue-exhausted.ts';

describe('requeueExhausted', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('spec');
      INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
      SELECT 1, 'https://example.com/' || i, 'package.created', '{}' FROM generate_series(1, 3) AS i`);
  });
  afterEach(() => database.close());

  /** Events that were exhausted a while ago, with their number as object id. */
  const exhausted = (count: number, set: { webhook?: number; ago?: string; ordered?: boolean } = {}) =>
    database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts,
                                  ordered, modified_date)
       SELECT gen_random_uuid(), $1, 'package.created', 4, i::text, '{}', 'exhausted', 19, $3, now() - $2::interval
         FROM generate_series(1, ${count}) AS i`,
      [set.webhook ?? 1, set.ago ?? '1 hour', set.ordered ?? false],
    );
  const configure = (config: object) => database.pool.query('UPDATE webhook SET config = $1', [config]);
  const outageEnds = async (...webhookIds: number[]) => {
    await noteFailed(
      database.pool,
      webhookIds.map((webhookId) => ({ webhookId, exhausted: 0 })),
    );
    await noteDelivered(database.pool, webhookIds);
  };
  const secondsPass = () =>
    database.pool.query(`UPDATE webhook_health SET recovery_due = now() WHERE recovery_due IS NOT NULL`);
  const queued = async () => {
    const { rows } = await database.pool.query<{ object_id: string }>(
      `SELECT object_id, attempts FROM webhook_event
        WHERE state = 'retrying' AND attempt_cause = 'recovery' AND next_attempt_at <= now() ORDER BY id`,
    );
    return rows.map(({ object_id }) => Number(object_id));
  };
  const recovers = async () => {
    const { rows } = await database.pool.query<{ wait: number }>(
      'SELECT extract(epoch FROM recovery_due - now())::float8 AS wait FROM webhook_health WHERE recovery_due IS NOT NULL',
    );
    return rows.map(({ wait }) => wait);
  };

  it('does nothing while no outage has ended', async () => {
    await exhausted(3);
    await noteDelivered(database.pool, [1]);
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
    await noteFailed(database.pool, [{ webhookId: 1, exhausted: 3 }]);
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
  });

  it('queues the oldest first, fifty in one step, and is done when none is left', async () => {
    await exhausted(120);
    await exhausted(2, { webhook: 2 });
    await exhausted(2, { webhook: 3 });
    await outageEnds(1, 2);
    expect(await requeueExhausted(database.pool)).toEqual(
      new Map([
        [1, 50],
        [2, 2],
      ]),
    );
    expect(await recovers()).toEqual([expect.closeTo(1, 0)]);
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
    await secondsPass();
    expect(await requeueExhausted(database.pool)).toEqual(new Map([[1, 50]]));
    expect((await queued()).filter((_, index) => index < 100)).toEqual(
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    await secondsPass();
    expect(await requeueExhausted(database.pool)).toEqual(new Map([[1, 20]]));
    expect(await recovers()).toEqual([]);
  });

  it('keeps its rate however many dispatchers there are', async () => {
    await exhausted(200);
    await outageEnds(1);
    await Promise.all(Array.from({ length: 4 }, () => requeueExhausted(database.pool)));
    expect(await queued()).toHaveLength(50);
  });

  it.each([
    [{}, '71 hours', 1],
    [{}, '73 hours', 0],
    [{ recover_hours: 2 }, '3 hours', 0],
    [{ recover_hours: 100 }, '99 hours', 1],
    [{ recover_hours: 0 }, '1 second', 0],
  ])('reaches back as far as %j says: %s', async (config, ago, events) => {
    await configure(config);
    await exhausted(1, { ago });
    await outageEnds(1);
    await requeueExhausted(database.pool);
    expect(await queued()).toHaveLength(events);
    expect(await recovers()).toEqual([]);
  });

  it('goes on with one event a minute once the webhook fails again', async () => {
    await exhausted(5);
    await outageEnds(1);
    await noteFailed(database.pool, [{ webhookId: 1, exhausted: 0 }]);
    await requeueExhausted(database.pool);
    expect(await queued()).toEqual([1]);
    expect(await recovers()).toEqual([expect.closeTo(60, -1)]);
  });

  it('queues an event that fails each time ten times at most, an hour apart', async () => {
    await exhausted(1);
    let times = 0;
    for (let outage = 0; outage < 14; outage += 1) {
      await outageEnds(1);
      times += (await requeueExhausted(database.pool)).get(1) ?? 0;
      await database.pool.query(
        `UPDATE webhook_event SET state = 'exhausted', next_attempt_at = NULL, modified_date = now()`,
      );
      // It has just failed: the end of the next outage does not take it along at once.
      await outageEnds(1);
      expect(await requeueExhausted(database.pool)).toEqual(new Map());
      expect(await recovers()).toEqual(outage < 9 ? [expect.closeTo(600, -1)] : []);
      await database.pool.query(`UPDATE webhook_event SET modified_date = now() - interval '61 minutes'`);
    }
    expect(times).toBe(10);
  });

  it('leaves events alone that were exhausted after the outage had ended', async () => {
    await outageEnds(1);
    await exhausted(1, { ago: '0 seconds' });
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
  });

  it('leaves ordered events alone, unless they hold back those behind them', async () => {
    await exhausted(1, { ordered: true });
    await outageEnds(1);
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
    await configure({ ordered: true, on_exhausted: 'block' });
    await outageEnds(1);
    expect(await requeueExhausted(database.pool)).toEqual(new Map([[1, 1]]));
  });

  it('leaves events alone that have an attempt limit of their own', async () => {
    await exhausted(1);
    await database.pool.query('UPDATE webhook_event SET attempt_limit = 1');
    await outageEnds(1);
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
    expect(await recovers()).toEqual([]);
  });

  it('waits for a webhook that was deactivated', async () => {
    await exhausted(1);
    await outageEnds(1);
    await database.pool.query('UPDATE webhook SET is_active = false');
    expect(await requeueExhausted(database.pool)).toEqual(new Map());
    await database.pool.query('UPDATE webhook SET is_active = true');
    expect(await requeueExhausted(database.pool)).toEqual(new Map([[1, 1]]));
  });
});
