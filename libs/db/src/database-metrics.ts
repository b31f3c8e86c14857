import type { Metrics } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import { pause } from '@oms-webhooks/lifecycle';

/** A scrape that asks an unreachable database must itself be answered. */
const ANSWER_LIMIT_MS = 2_000;

/** What both services tell of PostgreSQL: whether it answers, and how their pool is used. */
export function databaseMetrics(metrics: Metrics, pool: Pool): void {
  metrics.gauge('oms_database_pool_connections', 'Open connections of the pool.', {
    labels: ['state'],
    collect: (gauge) => {
      gauge.set({ state: 'idle' }, pool.idleCount);
      gauge.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
    },
  });
  metrics.gauge('oms_database_pool_size', 'Connections that the pool may open.', {
    collect: (gauge) => gauge.set(pool.options.max),
  });
  metrics.gauge('oms_database_pool_waiting', 'Statements that wait for a connection of the pool.', {
    collect: (gauge) => gauge.set(pool.waitingCount),
  });
  // Last: metrics are collected in this order, and its own question would be counted as one that waits.
  metrics.gauge('oms_database_up', 'Whether PostgreSQL answered when it was asked at this scrape.', {
    collect: async (gauge) => gauge.set((await answers(pool)) ? 1 : 0),
  });
}

async function answers(pool: Pool): Promise<boolean> {
  const inTime = new AbortController();
  const answered = pool.query('SELECT 1').then(
    () => true,
    () => false,
  );
  const late = pause(ANSWER_LIMIT_MS, inTime.signal).then(() => false);
  return Promise.race([answered, late]).finally(() => inTime.abort());
}
