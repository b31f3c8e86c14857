import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { noteDelivered, noteFailed } from './note-outcomes.ts';

describe('The record of failing webhooks', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('spec');
      INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config, is_active)
      SELECT 1, 'https://example.com/' || i, 'package.created', '{}', i < 5 FROM generate_series(1, 5) AS i`);
  });
  afterEach(() => database.pool.query('DELETE FROM webhook_health'));
  afterAll(() => database.close());

  const record = async (webhookId: number) => {
    const { rows } = await database.pool.query<Record<string, unknown>>(
      `SELECT failing_since IS NOT NULL AS failing, exhausted_in_a_row AS exhausted,
              recovery_due IS NOT NULL AS recovers, xmin::text AS written_by
         FROM webhook_health WHERE webhook_id = $1`,
      [webhookId],
    );
    return rows[0];
  };

  it('writes nothing for webhooks that deliver all the time', async () => {
    await noteDelivered(database.pool, [1, 2]);
    expect(await record(1)).toBeUndefined();
  });

  it('writes when a webhook begins to fail and when it delivers again, and not at each attempt between', async () => {
    const [first] = await noteFailed(database.pool, [{ webhookId: 1, exhausted: 0 }]);
    expect(first).toMatchObject({ webhookId: 1, exhaustedInARow: 0 });
    expect(first?.failingSince).toBe(first?.lastFailed);
    const begun = await record(1);
    expect(await noteFailed(database.pool, [{ webhookId: 1, exhausted: 0 }])).toEqual([]);
    expect(await record(1)).toEqual(begun);

    await noteDelivered(database.pool, [1]);
    const ended = await record(1);
    expect(ended).toMatchObject({ failing: false, recovers: true });
    await noteDelivered(database.pool, [1]);
    expect(await record(1)).toEqual(ended);
  });

  it('counts exhausted events in a row, from all dispatchers, until a delivery', async () => {
    await Promise.all(
      Array.from({ length: 8 }, () =>
        noteFailed(database.pool, [
          { webhookId: 2, exhausted: 2 },
          { webhookId: 1, exhausted: 1 },
        ]),
      ),
    );
    expect(await record(1)).toMatchObject({ exhausted: 8 });
    expect(await record(2)).toMatchObject({ exhausted: 16 });
    await noteDelivered(database.pool, [2]);
    expect(await record(2)).toMatchObject({ exhausted: 0 });
    const [again] = await noteFailed(database.pool, [{ webhookId: 2, exhausted: 1 }]);
    expect(again).toMatchObject({ exhaustedInARow: 1 });
  });

  it.each([
    ['goes on when failures follow each other within a day', '20 hours', 6],
    ['begins anew after a day without a failure', '25 hours', 0],
  ])('a time of failing %s', async (_, quiet, days) => {
    await noteFailed(database.pool, [{ webhookId: 3, exhausted: 0 }]);
    await database.pool.query(
      `UPDATE webhook_health SET failing_since = now() - interval '6 days', last_failed = now() - $1::interval`,
      [quiet],
    );
    const [failing] = await noteFailed(database.pool, [{ webhookId: 3, exhausted: 0 }]);
    const microseconds = (failing?.lastFailed ?? 0) - (failing?.failingSince ?? 0);
    expect(Math.round(microseconds / 1e6 / 86_400)).toBe(days);
  });

  it('leaves inactive and unknown webhooks out', async () => {
    expect(
      await noteFailed(database.pool, [
        { webhookId: 5, exhausted: 1 },
        { webhookId: 99, exhausted: 1 },
      ]),
    ).toEqual([]);
  });
});
