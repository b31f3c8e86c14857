import type { Pool } from 'pg';

/**
 * Tells the ingest APIs that a message to the dispatchers would lie in Kafka: their group is being divided anew, or they are
 * behind. Said every second while that lasts.
 */
export async function notifyMessagesHeldUp(pool: Pool): Promise<void> {
  await pool.query(`SELECT pg_notify('oms_messages_held_up', '')`);
}
