import type { Instant } from '@oms-webhooks/domain';
import { openDatabase } from './database.ts';
import { migrations } from './migrations/index.ts';

/** What a set-up's database is like. */
export interface DatabaseState {
  /** `14.11`, and the same as PostgreSQL counts: 140011. */
  version: string;
  versionNumber: number;
  /** Migrations that have not run yet, in their order. */
  missingMigrations: string[];
  /** Migrations that this version does not know. */
  unknownMigrations: string[];
  now: Instant;
}

/** Looks at a database, and changes nothing. Rejects when it cannot be reached. */
export async function lookAtDatabase(url: string): Promise<DatabaseState> {
  const database = await openDatabase({ url, applicationName: 'oms-webhooks doctor', poolSize: 1 });
  try {
    const { rows } = await database.pool.query<{
      version: string;
      number: number;
      table: string | null;
      now: Instant;
    }>(
      `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
              to_regclass('schema_migration')::text AS table, clock_timestamp() AS now`,
    );
    const { version = '', number = 0, table = null, now = 0 } = rows[0] ?? {};
    const run =
      table === null ? [] : await database.orm.query<{ name: string }[]>('SELECT name FROM schema_migration');
    const done = run.map(({ name }) => name);
    const known = migrations.map(({ name }) => name);
    return {
      version,
      versionNumber: number,
      missingMigrations: known.filter((name) => !done.includes(name)),
      unknownMigrations: done.filter((name) => !known.includes(name)),
      now,
    };
  } finally {
    await database.close();
  }
}
