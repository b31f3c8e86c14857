import type { Pool } from 'pg';
import { formatInstant, type Instant } from '@oms-webhooks/domain';
import { byId, HELD_EVENTS, isHeld, leasedEventParameters, type LeasedEvent } from './leased-event.ts';

/**
 * Gives leased events back to the due-scan: due at $6, or at once when that is null. Only those whose lease still
 * holds. Plan: primary key.
 */
const statement = `
  UPDATE webhook_event e
     SET next_attempt_at = COALESCE($6::timestamptz, now()), in_flight = false
    FROM ${HELD_EVENTS}
   WHERE ${isHeld('held')}`;

export async function parkEvents(pool: Pool, events: LeasedEvent[], until: Instant | null): Promise<void> {
  if (events.length === 0) return;
  await pool.query({
    name: 'park-events',
    text: statement,
    values: [...leasedEventParameters([...events].sort(byId)), until === null ? null : formatInstant(until)],
  });
}
