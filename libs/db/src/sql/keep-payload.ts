import type { Pool } from 'pg';
import { HELD_EVENTS, isHeld, leasedEventParameters, type LeasedEvent } from './leased-event.ts';

/**
 * Keeps a looked-up resource before it is first sent, so that every later attempt sends the same bytes, also when this
 * process dies in between. Plan: primary key.
 */
const statement = `
  UPDATE webhook_event e
     SET payload = COALESCE(e.payload, $6)
    FROM ${HELD_EVENTS}
   WHERE ${isHeld('held')}
  RETURNING e.payload`;

/**
 * @returns the payload to send: one that was kept before wins, since it may have been sent; undefined when the lease no
 * longer holds and somebody else has the event now
 */
export async function keepPayload(
  pool: Pool,
  event: LeasedEvent,
  payload: string,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ payload: string }>(statement, [
    ...leasedEventParameters([event]),
    payload,
  ]);
  return rows[0]?.payload;
}
