import type { Pool } from 'pg';
import { inTransaction, withConnection } from './connection.ts';

/** Any number, the same in every process. */
const PARTITION_LOCK = 7_264_112;

/** The weeks from last week, or from $1's if that is earlier, to two weeks ahead that have no partition yet. */
const missing = `
  SELECT parent, parent || to_char(week, '_YYYYMMDD') AS name,
         to_char(week, 'YYYY-MM-DD') AS "firstDay", to_char(week + interval '1 week', 'YYYY-MM-DD') AS "endDay"
    FROM unnest(ARRAY['webhook_event', 'delivery_attempt']) AS parent,
         date_trunc('week', now() AT TIME ZONE 'UTC') AS this_week,
         generate_series(LEAST(this_week - interval '1 week', date_trunc('week', $1::timestamptz AT TIME ZONE 'UTC')), this_week + interval '2 weeks', '1 week') AS week
   WHERE to_regclass(parent || to_char(week, '_YYYYMMDD')) IS NULL
   ORDER BY parent, week`;

/** A week of a table, in days of UTC; `endDay` is the first one after it. */
export interface Week {
  parent: string;
  name: string;
  firstDay: string;
  endDay: string;
}

/**
 * Creates the weekly partitions from last week to two weeks ahead. There is no DEFAULT partition on purpose: it would
 * forbid detaching others concurrently, and hide that this was not run.
 * @param since an instant, for events that are older than last week
 */
export async function ensurePartitions(pool: Pool, since: string | null = null): Promise<void> {
  await withConnection(pool, (client) =>
    inTransaction(client, async () => {
      await client.query('SELECT pg_advisory_xact_lock($1)', [PARTITION_LOCK]);
      const { rows } = await client.query<Week>(missing, [since]);
      for (const week of rows) {
        await client.query(
          `CREATE TABLE ${week.name} (LIKE ${week.parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`,
        );
        await client.query(attachPartition(week));
      }
    }),
  );
}

/**
 * Attached, and not created in place: that would wait for every reader of the parent, and everybody else for it. Its
 * indexes come with attaching.
 */
export function attachPartition({ parent, name, firstDay, endDay }: Week): string {
  return `ALTER TABLE ${parent} ATTACH PARTITION ${name} FOR VALUES FROM ('${firstDay}+00') TO ('${endDay}+00')`;
}

/**
 * Runs an insert, and where its week has no partition (nobody kept them for two weeks, or a clock was set) creates
 * those that are missing and runs it once more.
 */
export async function withPartitions<Result>(pool: Pool, insert: () => Promise<Result>): Promise<Result> {
  try {
    return await insert();
  } catch (error) {
    if (!isPartitionMissing(error)) throw error;
    await ensurePartitions(pool);
    return insert();
  }
}

/** A row that a CHECK refuses has the same SQLSTATE, and names its constraint. The text depends on lc_messages. */
function isPartitionMissing(error: unknown): boolean {
  const { code, constraint } = error as { code?: unknown; constraint?: unknown };
  return code === '23514' && constraint === undefined;
}
