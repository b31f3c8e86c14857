import type { Pool } from 'pg';

/** A notice may be 8,000 bytes long. */
const IDS_A_NOTICE = 500;

/** The notices that tell the dispatchers which webhooks have due events. */
export function dueNotices(webhookIds: Iterable<number>): string[] {
  const ids = [...new Set(webhookIds)];
  return Array.from({ length: Math.ceil(ids.length / IDS_A_NOTICE) }, (_, n) =>
    ids.slice(n * IDS_A_NOTICE, (n + 1) * IDS_A_NOTICE).join(','),
  );
}

/** Tells the dispatchers which webhooks have due events. A lost notice only costs the wait until the next scan. */
export async function notifyDue(pool: Pool, webhookIds: Iterable<number>): Promise<void> {
  for (const notice of dueNotices(webhookIds)) {
    await pool.query({
      name: 'notify-due',
      text: `SELECT pg_notify('oms_webhooks_due', $1)`,
      values: [notice],
    });
  }
}
