import type { Pool } from 'pg';

const KEPT = '1 year';
const ENTRIES_A_BATCH = 1000;

/**
 * Removes one batch of audit entries that are older than a year. Looks at the oldest ones alone, by id, so that it costs
 * nothing where none is that old. Plan: audit_entry's primary key, from its beginning.
 */
const statement = `
  DELETE FROM audit_entry
   WHERE id IN (
     SELECT id FROM (SELECT id, created_date FROM audit_entry ORDER BY id LIMIT ${ENTRIES_A_BATCH}) AS oldest
      WHERE created_date < now() - interval '${KEPT}')`;

/** @returns whether there may be more */
export async function forgetAuditEntries(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(statement);
  return rowCount === ENTRIES_A_BATCH;
}
