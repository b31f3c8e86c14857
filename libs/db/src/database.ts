import pg from 'pg';
import { DataSource } from 'typeorm';
import { columnParsers } from './column-parsers.ts';
import { accountEntity } from './entities/account.ts';
import { auditEntryEntity } from './entities/audit-entry.ts';
import { deliveryAttemptEntity } from './entities/delivery-attempt.ts';
import { eventTypeEntity, eventTypeSchemaEntity } from './entities/event-type.ts';
import { publishedEventEntity } from './entities/published-event.ts';
import { publisherAppEntity } from './entities/publisher-app.ts';
import { resendTaskEntity } from './entities/resend-task.ts';
import { subscriptionEntityWith } from './entities/subscription.ts';
import { setupTaskEntity } from './entities/setup-task.ts';
import { tokenEntity } from './entities/token.ts';
import { webhookEventEntity } from './entities/webhook-event.ts';
import { webhookEntityWith } from './entities/webhook.ts';
import { migrations } from './migrations/index.ts';
import { isDatabaseAway, isNotMigrated } from './database-away.ts';
import { ensurePartitions } from './partitions.ts';
import { secretsOf, type Secrets } from './secrets.ts';

/** One pool, used twice: by TypeORM for what is not hot, and directly for the statements in `sql/`. */
export interface Database {
  orm: DataSource;
  pool: pg.Pool;
  url: string;
  secrets: Secrets;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  poolSize: number;
  /** How secrets are stored; as given unless told. */
  secrets?: Secrets;
  /** 0 for no limit; 30 s unless told. */
  statementTimeoutMs?: number;
}

/**
 * How long a connection that nobody needs is kept; by itself pg keeps it for ten seconds. A new one reads the catalogue of
 * all partitions and plans each statement anew: its first commit takes 11 to 17 ms, and the next one 1 ms.
 */
const IDLE_TIMEOUT_MS = 10 * 60_000;

/** Opens the pool; rejects when PostgreSQL cannot be reached. */
export async function openDatabase({
  url,
  applicationName,
  poolSize,
  secrets = secretsOf(undefined),
  statementTimeoutMs = 30_000,
}: DatabaseOptions): Promise<Database> {
  const orm = await new DataSource({
    type: 'postgres',
    url,
    applicationName,
    poolSize,
    entities: [
      accountEntity,
      auditEntryEntity,
      setupTaskEntity,
      resendTaskEntity,
      tokenEntity,
      publisherAppEntity,
      publishedEventEntity,
      subscriptionEntityWith(secrets),
      webhookEntityWith(secrets),
      webhookEventEntity,
      deliveryAttemptEntity,
      eventTypeEntity,
      eventTypeSchemaEntity,
    ],
    migrations,
    migrationsTableName: 'schema_migration',
    installExtensions: false,
    // A lost connection is reported by the query that needed it; an idle one that dies is replaced by the pool.
    poolErrorHandler: () => undefined,
    extra: {
      types: columnParsers,
      options: statementTimeoutMs === 0 ? SESSION : `${SESSION} -c statement_timeout=${statementTimeoutMs}`,
      // Longer than the server's limit: it only decides where the server does not answer at all.
      ...(statementTimeoutMs > 0 && { query_timeout: statementTimeoutMs + 5000 }),
      connectionTimeoutMillis: 5000,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    },
  }).initialize();
  const pool = (orm.driver as unknown as { master: pg.Pool }).master;
  return { orm, pool, url, secrets, close: () => orm.destroy() };
}

/**
 * Does what a start needs of PostgreSQL, again and again as long as that is away: `work` may be cut short and repeated.
 * Rejects when it fails for another reason.
 */
export async function whenDatabaseIsUp<Result>(
  work: () => Promise<Result>,
  waiting: {
    signal: AbortSignal;
    pause: (ms: number, signal: AbortSignal) => Promise<void>;
    log: { warn: (message: string, fields: { error: unknown }) => void };
  },
): Promise<Result> {
  for (let pauseMs = 250; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const reason = isDatabaseAway(error)
        ? 'PostgreSQL'
        : isNotMigrated(error) && 'the migration of PostgreSQL';
      if (!reason || waiting.signal.aborted) throw error;
      waiting.log.warn(`waiting for ${reason}`, { error });
      await waiting.pause(pauseMs, waiting.signal);
    }
  }
}

const LONGEST_PAUSE_MS = 5000;

/** UTC, because instants are read from PostgreSQL's text form. */
export const SESSION = '-c TimeZone=UTC -c DateStyle=ISO';

/** Brings the schema up to date; safe to run from several processes at once. */
export async function migrate(url: string): Promise<string[]> {
  const database = await openDatabase({
    url,
    applicationName: 'oms-webhooks migrate',
    poolSize: 2,
    statementTimeoutMs: 0,
  });
  const lock = await database.pool.connect();
  try {
    await lock.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const done = await database.orm.runMigrations({ transaction: 'each' });
    await ensurePartitions(database.pool);
    return done.map(({ name }) => name);
  } finally {
    await lock.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    lock.release();
    await database.close();
  }
}

/** Any number, the same in every process. */
const MIGRATION_LOCK = 7_264_110;
