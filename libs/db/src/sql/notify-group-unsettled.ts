import type { Pool } from 'pg';

/** Tells the ingest APIs that the dispatchers' group is being divided anew; said every second while that lasts. */
export async function notifyGroupUnsettled(pool: Pool): Promise<void> {
  await pool.query(`SELECT pg_notify('oms_group_unsettled', '')`);
}
