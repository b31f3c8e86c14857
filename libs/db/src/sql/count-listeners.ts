import type { Pool } from 'pg';

/** Of this database alone. A process that connects anew may be there twice for a moment. Plan: the sessions in memory. */
const statement = `
  SELECT count(DISTINCT application_name)::int AS listeners
    FROM pg_stat_activity
   WHERE datname = current_database() AND starts_with(application_name, $1) AND application_name <> $2`;

/** How many processes listen under a name that begins like this, without the one of the whole name `except`. */
export async function countListeners(pool: Pool, prefix: string, except: string): Promise<number> {
  const { rows } = await pool.query<{ listeners: number }>(statement, [prefix, except]);
  return rows[0]?.listeners ?? 0;
}
