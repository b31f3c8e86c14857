import type { DataSource, EntityManager } from 'typeorm';
import type { EventQuery } from './event-filters.ts';

const LONGEST_COUNT_MS = 3000;
const QUERY_CANCELED = '57014';

export interface EventCount {
  count: number;
  /** Counting took too long: this is what PostgreSQL's planner expects. */
  estimated: boolean;
}

/** How many events a query has. Exact where that can be told in three seconds. */
export async function countEvents(orm: DataSource, query: EventQuery): Promise<EventCount> {
  const [text, values] = query.clone().select('count(*)', 'count').getQueryAndParameters();
  try {
    const counted = await orm.transaction(async (manager) => {
      await manager.query(`SET LOCAL statement_timeout = ${LONGEST_COUNT_MS}`);
      return manager.query<{ count: number }[]>(text, values);
    });
    return { count: counted[0]?.count ?? 0, estimated: false };
  } catch (error) {
    if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
    return { count: await estimate(orm.manager, query), estimated: true };
  }
}

async function estimate(manager: EntityManager, query: EventQuery): Promise<number> {
  const [text, values] = query.clone().select('e.id').getQueryAndParameters();
  const [row] = await manager.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
