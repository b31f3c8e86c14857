import type { Pool } from 'pg';
import type { DispatchedEvent, Instant } from '@oms-webhooks/domain';
import { byId, HELD_EVENTS, isHeld, leasedEventParameters } from './leased-event.ts';

/**
 * Compare-and-set of leases: takes over, or extends, leases that are as the caller knows them and have not run out.
 * Plan: primary key.
 */
const statement = `
  UPDATE webhook_event e
     SET next_attempt_at = now() + make_interval(secs => $6::float8)
    FROM ${HELD_EVENTS}
   WHERE ${isHeld('held')} AND held.lease > now()
  RETURNING e.id, e.next_attempt_at`;

/** Gives the events a new lease, in place. @returns those that were still held as they said */
export async function claimLeasedEvents(
  pool: Pool,
  events: DispatchedEvent[],
  leaseSeconds: number,
): Promise<DispatchedEvent[]> {
  if (events.length === 0) return [];
  const { rows } = await pool.query<{ id: number; next_attempt_at: Instant }>({
    name: 'claim-leased-events',
    text: statement,
    values: [...leasedEventParameters([...events].sort(byId)), leaseSeconds],
  });
  const leases = new Map(rows.map((row) => [row.id, row.next_attempt_at]));
  return events.filter((event) => {
    const lease = leases.get(event.id);
    if (lease !== undefined) event.lease = lease;
    return lease !== undefined;
  });
}
