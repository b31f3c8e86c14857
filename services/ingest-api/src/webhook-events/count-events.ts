import type { DataSource, EntityManager } from 'typeorm';
import type { EventQuery } from './event-filters.ts';

const LONGEST_COUNT_MS = 3000;
const QUERY_CANCELED = '57014';

export interface EventCount {
  count: number;
  /** Counting would take too long: this is what PostgreSQL's planner expects. */
  estimated: boolean;
}

/**
 * How many events a query has (docs/adr/0010).
 * @param most counts to here and no further; what may be more is estimated. Without it: as far as three seconds go
 */
export async function countEvents(orm: DataSource, query: EventQuery, most?: number): Promise<EventCount> {
  const counted = await countWithin(orm, query, most);
  if (counted !== undefined && (most === undefined || counted <= most))
    return { count: counted, estimated: false };
  return { count: Math.max(await estimate(orm.manager, query), counted ?? 0), estimated: true };
}

/** @returns undefined when the time was up */
async function countWithin(orm: DataSource, query: EventQuery, most?: number): Promise<number | undefined> {
  const some = query.clone().select('e.id', 'id').orderBy();
  const [text, values] = (most === undefined ? some : some.limit(most + 1)).getQueryAndParameters();
  try {
    const rows = await orm.transaction(async (manager) => {
      await manager.query(`SET LOCAL statement_timeout = ${LONGEST_COUNT_MS}`);
      return manager.query<{ count: number }[]>(`SELECT count(*) FROM (${text}) AS counted`, values);
    });
    return rows[0]?.count ?? 0;
  } catch (error) {
    if ((error as { code?: unknown }).code !== QUERY_CANCELED) throw error;
    return undefined;
  }
}

async function estimate(manager: EntityManager, query: EventQuery): Promise<number> {
  const [text, values] = query.clone().select('e.id', 'id').orderBy().getQueryAndParameters();
  const [row] = await manager.query<{ 'QUERY PLAN': [{ Plan: { 'Plan Rows': number } }] }[]>(
    `EXPLAIN (FORMAT JSON) ${text}`,
    values,
  );
  return row?.['QUERY PLAN'][0].Plan['Plan Rows'] ?? 0;
}
