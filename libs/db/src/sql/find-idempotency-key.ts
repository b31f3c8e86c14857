import type { Pool } from 'pg';

/** Plan: primary key of idempotency_key. */
const statement = `SELECT request_hash, event_uuid, answer FROM idempotency_key WHERE account_id = $1 AND key = $2`;

export interface KnownKey {
  requestHash: Buffer;
  /** The one event; null where there is an answer. */
  eventUuid: string | null;
  answer: string | null;
}

/** What was published under a key: whether this is a repetition of it, or another request. */
export async function findIdempotencyKey(
  pool: Pool,
  accountId: number,
  key: string,
): Promise<KnownKey | undefined> {
  const { rows } = await pool.query<{
    request_hash: Buffer;
    event_uuid: string | null;
    answer: string | null;
  }>(statement, [accountId, key]);
  const row = rows[0];
  return row && { requestHash: row.request_hash, eventUuid: row.event_uuid, answer: row.answer };
}
