import type { Database } from './database.ts';
import { dropOldWeeks, type RetentionOptions } from './old-partitions.ts';
import { attachPartition } from './partitions.ts';
import { resendEvent } from './sql/resend-event.ts';
import { openSpecDatabase } from './testing/spec-database.ts';

/** The Monday of `weeks` weeks ago, in UTC. */
function monday(weeks: number): Date {
  const now = new Date();
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  return new Date(today - (((now.getUTCDay() + 6) % 7) + weeks * 7) * 86_400_000);
}
const day = (date: Date) => date.toISOString().slice(0, 10);
const nameOf = (weeks: number, parent = 'webhook_event') =>
  `${parent}_${day(monday(weeks)).replaceAll('-', '')}`;

describe('Retention', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openSpecDatabase();
  });
  afterEach(() => database.close());

  /** A partition of `weeks` weeks ago with this many events that are finished, and unfinished. */
  async function week(weeks: number, finished: number, unfinished = 0, due = '1 hour'): Promise<string> {
    const name = nameOf(weeks);
    for (const parent of ['webhook_event', 'delivery_attempt']) {
      const part = nameOf(weeks, parent);
      const days = { firstDay: day(monday(weeks)), endDay: day(monday(weeks - 1)) };
      await database.pool.query(
        `CREATE TABLE ${part} (LIKE ${parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`,
      );
      await database.pool.query(attachPartition({ parent, name: part, ...days }));
    }
    await database.pool.query(
      `INSERT INTO webhook_event (created_date, uuid, webhook_id, event_type, content_type, object_id, state, next_attempt_at)
       SELECT $1::timestamptz + make_interval(mins => i), gen_random_uuid(), 1, 'package.created', 4, i::text,
              CASE WHEN i <= $2 THEN 'delivered' ELSE 'retrying' END,
              CASE WHEN i > $2 THEN now() + $4::interval END
         FROM generate_series(1, $2::int + $3::int) AS i`,
      [monday(weeks), finished, unfinished, due],
    );
    return name;
  }
  async function retention(
    changes: Partial<RetentionOptions> = {},
  ): Promise<[partition: string, kept: number][]> {
    const dropped: [string, number][] = [];
    await dropOldWeeks(database.pool, {
      days: 84,
      wallClock: Date.now(),
      onDropped: (partition, kept) => void dropped.push([partition, kept]),
      signal: new AbortController().signal,
      ...changes,
    });
    return dropped;
  }
  const exists = async (name: string) => {
    const { rows } = await database.pool.query<{ found: string | null }>('SELECT to_regclass($1) AS found', [
      name,
    ]);
    return rows[0]?.found !== null;
  };
  const events = async () => {
    const { rows } = await database.pool.query<{ state: string; events: number }>(
      'SELECT state, count(*)::int AS events FROM webhook_event GROUP BY state ORDER BY state',
    );
    return Object.fromEntries(rows.map(({ state, events }) => [state, events]));
  };

  it('drops weeks that ended longer ago than they are kept, events and attempts', async () => {
    await week(20, 3);
    await week(14, 3);
    await week(12, 4);
    const dropped = await retention();
    expect(dropped).toEqual(
      [20, 14].flatMap((weeks) => [
        [nameOf(weeks, 'delivery_attempt'), 0],
        [nameOf(weeks), 0],
      ]),
    );
    expect(await events()).toEqual({ delivered: 4 });
    expect(await exists(nameOf(20))).toBe(false);
    expect(await exists(nameOf(12))).toBe(true);
    expect(await retention()).toEqual([]);
  });

  it('keeps events that are not finished, in their place and with their indexes', async () => {
    const name = await week(20, 500, 3);
    const { rows: before } = await database.pool.query(
      `SELECT * FROM webhook_event WHERE next_attempt_at IS NOT NULL ORDER BY id`,
    );
    expect(await retention()).toEqual([
      [nameOf(20, 'delivery_attempt'), 0],
      [name, 3],
    ]);
    const { rows: after } = await database.pool.query('SELECT * FROM webhook_event ORDER BY id');
    expect(after).toEqual(before);
    const { rows: indexes } = await database.pool.query(
      `SELECT indexname FROM pg_indexes WHERE tablename = $1 AND indexname LIKE '%webhook_id_next_attempt_at%'`,
      [name],
    );
    expect(indexes).toHaveLength(1);
    // There is nothing more to drop in it until one of them is finished.
    expect(await retention()).toEqual([]);
    await database.pool.query(`UPDATE webhook_event SET state = 'delivered', next_attempt_at = NULL`);
    expect(await retention()).toEqual([[name, 0]]);
    expect(await events()).toEqual({});
  });

  it('waits while events of a week may be in flight', async () => {
    await week(20, 5, 1, '20 seconds');
    expect(await retention()).toEqual([[nameOf(20, 'delivery_attempt'), 0]]);
    expect(await events()).toEqual({ delivered: 5, retrying: 1 });
  });

  it('loses no event that is resent while it runs', async () => {
    await week(20, 300);
    await week(19, 300);
    const { rows } = await database.pool.query<{ uuid: string }>(
      'SELECT uuid FROM webhook_event ORDER BY random()',
    );
    const acknowledged: string[] = [];
    const resends = Array.from({ length: 3 }, async (_, part) => {
      for (const { uuid } of rows.slice(part * 60, part * 60 + 60)) {
        if (await resendEvent(database.pool, uuid)) acknowledged.push(uuid);
      }
    });
    await Promise.all([...resends, retention()]);
    // Their next attempt is due at once; those were either kept or made their week wait.
    const { rows: kept } = await database.pool.query<{ uuid: string }>(
      'SELECT uuid FROM webhook_event WHERE next_attempt_at IS NOT NULL',
    );
    expect(kept.map(({ uuid }) => uuid).sort()).toEqual(acknowledged.sort());
  });

  it('waits for a transaction that is resending, and keeps what it did', async () => {
    const name = await week(20, 2);
    const holder = await database.pool.connect();
    await holder.query('BEGIN');
    await holder.query(
      `UPDATE webhook_event SET next_attempt_at = now() + interval '1 hour', state = 'retrying' WHERE object_id = '1'`,
    );
    const running = retention();
    for (let pending = false; !pending;) {
      const { rows } = await database.pool.query<{ pending: boolean }>(
        'SELECT inhdetachpending AS pending FROM pg_inherits WHERE inhrelid = $1::regclass',
        [name],
      );
      pending = rows[0]?.pending === true;
    }
    // Publishing goes on meanwhile.
    await database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, state)
       VALUES (gen_random_uuid(), 1, 'package.created', 4, 'new', 'delivered')`,
    );
    await holder.query('COMMIT');
    holder.release();
    expect(await running).toContainEqual([name, 1]);
    expect(await events()).toEqual({ delivered: 1, retrying: 1 });
  });

  it('goes on where it was cut short: detached, or not even that', async () => {
    const [detached, detaching] = [await week(21, 2, 1), await week(20, 2, 1)];
    await database.pool.query(`COMMENT ON TABLE ${detached} IS 'to be dropped by retention'`);
    await database.pool.query(`ALTER TABLE webhook_event DETACH PARTITION ${detached} CONCURRENTLY`);
    const holder = await database.pool.connect();
    await holder.query('BEGIN; SELECT count(*) FROM webhook_event');
    const client = await database.pool.connect();
    await client.query(
      `SET statement_timeout = 300; COMMENT ON TABLE ${detaching} IS 'to be dropped by retention'`,
    );
    await expect(
      client.query(`ALTER TABLE webhook_event DETACH PARTITION ${detaching} CONCURRENTLY`),
    ).rejects.toThrow('statement timeout');
    client.release(true);
    await holder.query('ROLLBACK');
    holder.release();
    expect(await events()).toEqual({});
    const dropped = await retention();
    expect(dropped).toContainEqual([detached, 1]);
    expect(dropped).toContainEqual([detaching, 1]);
    expect(await events()).toEqual({ retrying: 2 });
  });

  it('leaves tables alone that somebody else has detached', async () => {
    const name = await week(20, 2);
    await database.pool.query(`ALTER TABLE webhook_event DETACH PARTITION ${name}`);
    await retention();
    expect(await exists(name)).toBe(true);
  });

  it('runs in one process at a time', async () => {
    for (const weeks of [18, 19, 20]) await week(weeks, 10, 1);
    const runs = await Promise.all(Array.from({ length: 3 }, () => retention()));
    expect(runs.flat()).toHaveLength(6);
    expect(await events()).toEqual({ retrying: 3 });
  });

  it('is not misled by one clock that jumped ahead', async () => {
    await week(20, 2);
    expect(await retention({ wallClock: Date.now() - 200 * 86_400_000 })).toEqual([]);
    await week(10, 2);
    await retention({ wallClock: Date.now() + 400 * 86_400_000 });
    expect(await events()).toEqual({ delivered: 2 });
  });

  it('stops between two weeks when it is told to', async () => {
    await week(20, 2);
    const stopping = new AbortController();
    const dropped = await retention({ signal: stopping.signal, onDropped: () => stopping.abort() });
    expect(dropped).toEqual([]);
    expect(await events()).toEqual({ delivered: 2 });
  });
});
