import type { Pool } from 'pg';
import { HELD_EVENTS, isHeld, leasedEventParameters, type LeasedEvent } from './leased-event.ts';

/** Plan: primary key. */
const cancelLeased = `
  UPDATE webhook_event e
     SET state = 'cancelled', next_attempt_at = NULL, in_flight = false, last_error = $6, modified_date = now()
    FROM ${HELD_EVENTS}
   WHERE ${isHeld('held')}`;

/** Ends leased events that must not be sent any more, because their webhook was deactivated or deleted. */
export async function cancelEvents(pool: Pool, events: LeasedEvent[], reason: string): Promise<void> {
  if (events.length > 0) await pool.query(cancelLeased, [...leasedEventParameters(events), reason]);
}
