import type { Pool } from 'pg';

/** Tells the dispatchers which webhooks have due events. A lost notice only costs the wait until the next scan. */
export async function notifyDue(pool: Pool, webhookIds: Iterable<number>): Promise<void> {
  // A notice may be 8,000 bytes long.
  const ids = [...new Set(webhookIds)];
  for (let from = 0; from < ids.length; from += 500) {
    await pool.query(`SELECT pg_notify('oms_webhooks_due', $1)`, [ids.slice(from, from + 500).join(',')]);
  }
}
