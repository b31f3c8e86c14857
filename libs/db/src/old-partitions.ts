import type { Pool, PoolClient } from 'pg';
import { inTransaction, withConnection } from './connection.ts';
import { attachPartition, type Week } from './partitions.ts';

/** Any number, the same in every process. */
const RETENTION_LOCK = 7_264_113;
/** Written on a table before it is detached, so that tables which somebody else detached are left alone. */
const MARK = 'to be dropped by retention';
/** Unfinished events that are due sooner may be in flight, or may soon be: their week waits for another time. */
const QUIET_MINUTES = 5;

interface OldWeek extends Week {
  state: 'attached' | 'detaching' | 'detached';
}

/** Weeks that ended more than $1 days ago, by the slower one of two clocks: one that jumped ahead must not drop data. */
const oldWeeks = `
  SELECT found.parent, found.name, to_char(found.monday, 'YYYY-MM-DD') AS "firstDay",
         to_char(found.monday + 7, 'YYYY-MM-DD') AS "endDay",
         CASE WHEN i.inhrelid IS NULL THEN 'detached' WHEN i.inhdetachpending THEN 'detaching' ELSE 'attached' END AS state
    FROM pg_class c
   CROSS JOIN LATERAL (
     SELECT part[1] AS parent, c.relname AS name, to_date(part[2], 'YYYYMMDD') AS monday
       FROM regexp_match(c.relname, '^(webhook_event|delivery_attempt)_(\\d{8})$') AS part
      WHERE part IS NOT NULL
   ) AS found
    LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
   WHERE c.relkind = 'r' AND c.relnamespace = current_schema()::regnamespace
     AND found.monday + 7 <= (LEAST(now(), to_timestamp($2)) AT TIME ZONE 'UTC')::date - $1::int
     AND (i.inhrelid IS NOT NULL OR obj_description(c.oid, 'pg_class') = '${MARK}')
   ORDER BY found.monday, found.parent`;

export interface RetentionOptions {
  days: number;
  /** This machine's clock, milliseconds. */
  wallClock: number;
  /** Told of each week that was dropped, and how many unfinished events of it were kept. */
  onDropped: (partition: string, kept: number) => void;
  signal: AbortSignal;
}

/**
 * Drops the weeks of events and attempts that are older than `days`, one after the other, and keeps in place events
 * that are not finished. Does nothing while another process is at it. What is cut short, at whatever point, is gone on
 * with the next time.
 *
 *     DETACH … CONCURRENTLY     nobody waits; who is using the week finishes first, and nobody can reach it afterwards
 *     one transaction           unfinished events go to a new table, the old one is dropped, the new one attached
 *
 * So no row can become unfinished (by a resend) between the look and the drop.
 */
export async function dropOldWeeks(pool: Pool, options: RetentionOptions): Promise<void> {
  const { days, wallClock, onDropped, signal } = options;
  await withConnection(pool, async (client) => {
    const { rows } = await client.query<{ alone: boolean }>('SELECT pg_try_advisory_lock($1) AS alone', [
      RETENTION_LOCK,
    ]);
    if (!rows[0]?.alone) return;
    try {
      const weeks = await client.query<OldWeek>(oldWeeks, [days, wallClock / 1000]);
      for (const week of weeks.rows) {
        if (signal.aborted) return;
        if (await detached(client, week)) onDropped(week.name, await dropFinished(client, week));
      }
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [RETENTION_LOCK]);
    }
  });
}

/** @returns false for a week that is left as it is */
async function detached(client: PoolClient, { parent, name, state }: OldWeek): Promise<boolean> {
  if (state === 'attached') {
    if (parent === 'webhook_event' && !(await isWorthIt(client, name))) return false;
    await client.query(`COMMENT ON TABLE ${name} IS '${MARK}'`);
    await client.query(`ALTER TABLE ${parent} DETACH PARTITION ${name} CONCURRENTLY`);
  }
  if (state === 'detaching') await client.query(`ALTER TABLE ${parent} DETACH PARTITION ${name} FINALIZE`);
  return true;
}

/** Whether a week of events has something to drop, and nothing that may be in flight. */
async function isWorthIt(client: PoolClient, name: string): Promise<boolean> {
  const { rows } = await client.query<{ worth: boolean }>(`
    SELECT NOT EXISTS (SELECT FROM ${name} WHERE next_attempt_at < now() + interval '${QUIET_MINUTES} minutes')
       AND (EXISTS (SELECT FROM ${name} WHERE next_attempt_at IS NULL)
            OR NOT EXISTS (SELECT FROM ${name} WHERE next_attempt_at IS NOT NULL)) AS worth`);
  return rows[0]?.worth === true;
}

/** Attempts are dropped by age alone. @returns how many unfinished events are kept */
function dropFinished(client: PoolClient, week: OldWeek): Promise<number> {
  const { parent, name } = week;
  const old = `${name}_old`;
  return inTransaction(client, async () => {
    await client.query(`SET LOCAL lock_timeout = '5s'`);
    if (parent === 'delivery_attempt') {
      await client.query(`DROP TABLE ${name}`);
      return 0;
    }
    await client.query(`ALTER TABLE ${name} RENAME TO ${old}`);
    await client.query(`CREATE TABLE ${name} (LIKE ${old} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
    const { rowCount: kept } = await client.query(
      `INSERT INTO ${name} SELECT * FROM ${old} WHERE next_attempt_at IS NOT NULL`,
    );
    await client.query(`DROP TABLE ${old}`);
    await client.query(kept ? attachPartition(week) : `DROP TABLE ${name}`);
    return kept ?? 0;
  });
}
