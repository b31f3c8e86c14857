import type { Database } from './database.ts';
import { ensurePartitions, withPartitions } from './partitions.ts';
import { insertWebhookEvents } from './sql/insert-webhook-events.ts';
import { newEvent, openSpecDatabase } from './testing/spec-database.ts';

const WEEK_MS = 7 * 24 * 3600 * 1000;

describe('The weekly partitions', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  const partitionsOf = async (table: string) => {
    const { rows } = await database.pool.query<{ bounds: string }>(
      `SELECT pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = $1::regclass ORDER BY c.relname`,
      [table],
    );
    return rows.map(({ bounds }) => bounds);
  };

  const dropAll = async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT inhrelid::regclass AS name FROM pg_inherits
        WHERE inhparent IN ('webhook_event'::regclass, 'delivery_attempt'::regclass)`,
    );
    await database.pool.query(`DROP TABLE ${rows.map(({ name }) => name).join(',')}`);
  };

  it.each(['webhook_event', 'delivery_attempt'])(
    'cut %s into weeks from last week to two weeks ahead',
    async (table) => {
      const { rows } = await database.pool.query<{ monday: string }>(
        `SELECT to_char(date_trunc('week', now()), 'YYYY-MM-DD') AS monday`,
      );
      const thisMonday = Date.parse(`${rows[0]?.monday}T00:00:00Z`);
      const day = (week: number) => new Date(thisMonday + week * WEEK_MS).toISOString().slice(0, 10);
      const expected = Array.from(
        { length: 4 },
        (_, index) => `FOR VALUES FROM ('${day(index - 1)} 00:00:00+00') TO ('${day(index)} 00:00:00+00')`,
      );
      expect(await partitionsOf(table)).toEqual(expected);
    },
  );

  it('are not touched when all are there', async () => {
    const before = await partitionsOf('webhook_event');
    await ensurePartitions(database.pool);
    expect(await partitionsOf('webhook_event')).toEqual(before);
  });

  it('are created once when several dispatchers do it at the same moment', async () => {
    const before = await partitionsOf('webhook_event');
    for (let round = 0; round < 5; round += 1) {
      await dropAll();
      await Promise.all(Array.from({ length: 4 }, () => ensurePartitions(database.pool)));
    }
    expect(await partitionsOf('webhook_event')).toEqual(before);
  });

  it('are created by the insert that finds none, once for inserts of the same moment', async () => {
    const before = await partitionsOf('webhook_event');
    await dropAll();
    const inserted = await Promise.all(
      Array.from({ length: 5 }, () =>
        withPartitions(database.pool, () => insertWebhookEvents(database.pool, [newEvent()], 0)),
      ),
    );
    expect(inserted.flat()).toHaveLength(5);
    expect(await partitionsOf('webhook_event')).toEqual(before);
  });

  it('are no remedy for a row that a rule refuses', async () => {
    let tries = 0;
    const refused = withPartitions(database.pool, () => {
      tries += 1;
      return database.pool.query(
        `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, state)
         VALUES (gen_random_uuid(), 1, 'package.created', 4, '1', 'nonsense')`,
      );
    });
    await expect(refused).rejects.toThrow('violates check constraint');
    expect(tries).toBe(1);
  });

  it('come without anybody having to wait: a reader of the table is not in the way', async () => {
    await dropAll();
    const reader = await database.pool.connect();
    await reader.query('BEGIN; SELECT count(*) FROM webhook_event');
    await ensurePartitions(database.pool);
    await reader.query('ROLLBACK');
    reader.release();
    expect(await partitionsOf('webhook_event')).toHaveLength(4);
  });
});
