import type { Pool } from 'pg';
import { formatInstant } from '@oms-webhooks/domain';
import type { TestEvent } from './insert-test-event.ts';

/** Only while nobody holds its lease: what is being sent cannot be taken back. Plan: primary key. */
const statement = `
  UPDATE webhook_event
     SET state = 'cancelled', next_attempt_at = NULL, last_error = $3, modified_date = now()
   WHERE id = $1 AND created_date = $2 AND attempts = 0 AND COALESCE(next_attempt_at <= now(), false)`;

/** Takes back an event that no dispatcher has taken. @returns whether there was still time */
export async function withdrawEvent(
  pool: Pool,
  { id, createdDate }: TestEvent,
  reason: string,
): Promise<boolean> {
  const { rowCount } = await pool.query(statement, [id, formatInstant(createdDate), reason]);
  return rowCount === 1;
}
