import type { Instant } from '@oms-webhooks/domain';
import type { Pool } from 'pg';

/**
 * The instant before which no row can appear any more that was not there when it was asked for. A row is dated with the
 * beginning of its transaction, and seen when that commits: so, the beginning of the oldest transaction that is not over. Older
 * ones than a minute do not count: none of ours lasts so long, and somebody's backup must not hold up everybody. Two
 * seconds at least, should this role not be allowed to see the transactions of others. Plan: the sessions in memory.
 */
const statement = `
  SELECT LEAST(clock_timestamp() - interval '2 seconds', min(xact_start)) AS settled
    FROM pg_stat_activity
   WHERE datname = current_database() AND pid <> pg_backend_pid()
     AND xact_start > clock_timestamp() - interval '1 minute'`;

export async function settledInstant(pool: Pool): Promise<Instant> {
  const { rows } = await pool.query<{ settled: Instant }>({ name: 'settled-instant', text: statement });
  return rows[0]!.settled;
}
