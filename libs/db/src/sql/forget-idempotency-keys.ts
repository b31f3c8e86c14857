import type { Pool } from 'pg';

/** One more than the window (insert-webhook-events.ts), so that a key is never removed within it. */
const KEPT_HOURS = 25;
const KEYS_A_BATCH = 1000;

/**
 * Removes one batch of idempotency keys whose window is long over, apart from the events they stand for. A key that is
 * being taken over by a new request is locked, and left alone. Plan: idempotency_key_created, then by row address.
 */
const statement = `
  DELETE FROM idempotency_key
   WHERE ctid = ANY (ARRAY(
     SELECT ctid FROM idempotency_key
      WHERE created_date < now() - interval '${KEPT_HOURS} hours'
      ORDER BY created_date
      LIMIT ${KEYS_A_BATCH}
        FOR UPDATE SKIP LOCKED))`;

/** @returns whether there may be more */
export async function forgetIdempotencyKeys(pool: Pool): Promise<boolean> {
  const { rowCount } = await pool.query(statement);
  return rowCount === KEYS_A_BATCH;
}
