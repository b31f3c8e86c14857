import type { Pool } from 'pg';
import { isHeld, leasedEventParameters, type LeasedEvent } from './leased-event.ts';

/** Plan: primary key. */
const cancelLeased = `
  UPDATE webhook_event e
     SET state = 'cancelled', next_attempt_at = NULL, in_flight = false, last_error = $6, modified_date = now()
    FROM unnest($1::bigint[], $2::timestamptz[], $3::timestamptz[]) AS held (id, created_date, lease)
   WHERE ${isHeld('held')}`;

/** Ends leased events that must not be sent any more, because their webhook was deactivated or deleted. */
export async function cancelEvents(pool: Pool, events: LeasedEvent[], reason: string): Promise<void> {
  if (events.length > 0) await pool.query(cancelLeased, [...leasedEventParameters(events), reason]);
}
