import { sharedFor, type Metrics } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { OpenStreams } from './event-stream/open-streams.ts';

/** Several gatherers may scrape; PostgreSQL is asked once for all of them. */
const TASKS_AGE_MS = 5_000;

/** Plan: resend_task_due, which has nothing but unfinished tasks. */
const unfinishedTasks = `
  SELECT count(*)::int AS tasks, coalesce(greatest(extract(epoch FROM now() - min(next_step_date)), 0), 0)::float8 AS late
    FROM resend_task WHERE next_step_date IS NOT NULL`;

/** What the ingest API does beside answering requests. docs/metrics.md has all metrics with their meaning. */
export function workMetrics(
  metrics: Metrics,
  { pool, openStreams }: { pool: Pool; openStreams: Pick<OpenStreams, 'count'> },
): void {
  metrics.gauge('oms_event_streams', 'Clients that follow the stream of events in this process.', {
    collect: (gauge) => gauge.set(openStreams.count),
  });
  const unfinished = sharedFor(TASKS_AGE_MS, async () => {
    const { rows } = await pool.query<{ tasks: number; late: number }>(unfinishedTasks);
    return rows[0]!;
  });
  metrics.gauge('oms_resend_tasks', 'Bulk resends that are not finished, of all.', {
    collect: async (gauge) => gauge.set((await unfinished()).tasks),
  });
  metrics.gauge('oms_resend_tasks_late_seconds', 'For how long the next step of one has been due, of all.', {
    collect: async (gauge) => gauge.set((await unfinished()).late),
  });
}
