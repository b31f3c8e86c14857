import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { PerProcess, System } from '../bench/machine/system.ts';
import { scrape } from '../observability/exposition.ts';

/** What a running system has used so far. */
export interface Stock {
  /** When, ms. */
  at: number;
  /** ms of CPU. */
  cpu: PerProcess;
  /** Bytes of WAL, by the service whose statements wrote them. */
  wal: { 'ingest-api': number; dispatcher: number };
  /** Bytes of tables and indexes, what is dead included. */
  stored: number;
  /** Bytes of the broker's logs, by topic. */
  kafka: { 'oms.webhook-dispatch': number; 'oms.webhook-attempts': number };
  /** Statements that committed events or recorded attempts, and what was in them. */
  commits: { events: number; inserts: number; attempts: number; records: number };
}

export async function takeStock(system: System): Promise<Stock> {
  const { pool } = system.database;
  const { rows: written } = await pool.query<{ service: keyof Stock['wal']; bytes: number }>(
    `SELECT application_name AS service, sum(wal.wal_bytes)::float8 AS bytes
       FROM pg_stat_activity CROSS JOIN LATERAL pg_stat_get_backend_wal(pid) AS wal
      WHERE application_name IN ('ingest-api', 'dispatcher') GROUP BY 1`,
  );
  const { rows: sizes } = await pool.query<{ bytes: number }>(
    `SELECT sum(pg_total_relation_size(inhrelid))::float8 AS bytes FROM pg_inherits
      WHERE inhparent IN ('webhook_event'::regclass, 'delivery_attempt'::regclass)`,
  );
  const bytesOf = (service: keyof Stock['wal']) => written.find((row) => row.service === service)?.bytes ?? 0;
  return {
    at: performance.now(),
    cpu: await system.cpu(),
    wal: { 'ingest-api': bytesOf('ingest-api'), dispatcher: bytesOf('dispatcher') },
    stored: sizes[0]?.bytes ?? 0,
    kafka: {
      'oms.webhook-dispatch': topicBytes(system, 'oms.webhook-dispatch'),
      'oms.webhook-attempts': topicBytes(system, 'oms.webhook-attempts'),
    },
    commits: await commitsOf(system),
  };
}

/** Segments only: index files are as large as they are, whatever is in them. */
function topicBytes({ kafkaLog, topicPrefix }: System, topic: string): number {
  const prefix = `${topicPrefix}${topic}-`;
  return readdirSync(kafkaLog)
    .filter((name) => name.startsWith(prefix))
    .flatMap((name) => readdirSync(join(kafkaLog, name)).map((file) => join(kafkaLog, name, file)))
    .filter((file) => file.endsWith('.log'))
    .reduce((sum, file) => sum + statSync(file).size, 0);
}

async function commitsOf({ ingestApi, dispatchers }: System): Promise<Stock['commits']> {
  const [inserting, ...recording] = await Promise.all(
    [ingestApi, ...dispatchers].map(({ url }) => scrape(url)),
  );
  const recorded = (name: string) => recording.reduce((sum, scraped) => sum + scraped.sum(name), 0);
  return {
    events: inserting?.sum('oms_insert_batch_events_sum') ?? 0,
    inserts: inserting?.sum('oms_insert_batch_events_count') ?? 0,
    attempts: recorded('oms_record_batch_attempts_sum'),
    records: recorded('oms_record_batch_attempts_count'),
  };
}

/** Requests in flight in all dispatchers, at this moment. */
export async function requestsInFlight({ dispatchers }: System): Promise<number> {
  const scraped = await Promise.all(dispatchers.map(({ url }) => scrape(url)));
  return scraped.reduce((sum, one) => sum + one.sum('oms_requests_in_flight'), 0);
}
