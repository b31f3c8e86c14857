import { randomBytes } from 'node:crypto';
import { openDatabase, type Database } from '@oms-webhooks/db';
import { createTestDatabase } from '@oms-webhooks/db/testing';
import { freePort } from '../environment/free-port.ts';
import type { Target } from '../environment/target.ts';
import { apiClient, TOKENS, type ApiClient } from './api-client.ts';
import { serviceProcess, type ServiceProcess } from './service-process.ts';

export const ADMIN_TOKEN = 'end-to-end-superuser-token';
/** Requests end after this; a lease is 20 seconds longer (`leaseSeconds` of the domain). */
const DELIVERY_TIMEOUT_MS = 3000;
/** A killed dispatcher's events are attempted again after this: their lease, a round of the due-scan, and what a busy machine adds. */
export const LEASE_LIMIT_MS = DELIVERY_TIMEOUT_MS + 20_000 + 20_000;

export interface SystemOptions {
  /** Comma list; without it events go through PostgreSQL alone. */
  brokers?: string;
  /** Of a migrated database that the caller drops; by default the system has one of its own. */
  databaseUrl?: string;
  environment?: Record<string, string>;
}

/** An ingest API and a dispatcher as processes, on a database and topics of their own. */
export interface System {
  /** As a superuser. */
  api: ApiClient;
  ingestApi: ServiceProcess;
  dispatcher: ServiceProcess;
  database: Database;
  topicPrefix: string;
  /** A client without a token, or with the header given. */
  clientWith(authorization?: string): ApiClient;
  /** A client of an account of its own. */
  clientOf(account: string): Promise<ApiClient>;
  /** One more dispatcher, not yet started. */
  anotherDispatcher(): Promise<ServiceProcess>;
  close(): Promise<void>;
}

export async function startSystem(options: SystemOptions = {}): Promise<System> {
  const own = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const url = options.databaseUrl ?? own?.url ?? '';
  const topicPrefix = `e2e-${randomBytes(4).toString('hex')}.`;
  const environment = {
    DATABASE_URL: url,
    API_TOKEN: ADMIN_TOKEN,
    DELIVERY_TIMEOUT_MS: String(DELIVERY_TIMEOUT_MS),
    DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8',
    ...(options.brokers && {
      KAFKA_BROKERS: options.brokers,
      KAFKA_TOPIC_PREFIX: topicPrefix,
    }),
    ...options.environment,
  };
  const ingestApi = serviceProcess('ingest-api', await freePort(), environment);
  const dispatchers: ServiceProcess[] = [];
  const anotherDispatcher = async () => {
    const dispatcher = serviceProcess('dispatcher', await freePort(), environment);
    dispatchers.push(dispatcher);
    return dispatcher;
  };
  const dispatcher = await anotherDispatcher();
  await Promise.all([ingestApi.start(), dispatcher.start()]);
  const database = await openDatabase({ url, applicationName: 'end-to-end', poolSize: 2 });
  const clientWith = (authorization?: string) => apiClient(ingestApi.url, authorization);
  const api = clientWith(`Token ${ADMIN_TOKEN}`);
  return {
    api,
    ingestApi,
    dispatcher,
    database,
    topicPrefix,
    clientWith,
    async clientOf(account) {
      const { token } = (await api.post(TOKENS, { account })).json as { token: string };
      return clientWith(`Token ${token}`);
    },
    anotherDispatcher,
    async close() {
      await Promise.all([ingestApi, ...dispatchers].map((service) => service.stop()));
      await database.close();
      await own?.drop();
    },
  };
}

/** How often each event has arrived, by its uuid with dashes. */
export function arrivals({ received }: Target): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { headers } of received) {
    const uuid = String(headers['webhook-id']);
    counts.set(uuid, (counts.get(uuid) ?? 0) + 1);
  }
  return counts;
}

/**
 * How often each event has arrived beyond the attempts that count for it. A request that timed out on a busy machine
 * was one of them; a repetition that nobody meant was none.
 */
export async function repetitions(
  { database }: { database: Pick<Database, 'pool'> },
  target: Target,
): Promise<Map<string, number>> {
  const { rows } = await database.pool.query<{ uuid: string; attempts: number }>(
    'SELECT uuid, attempts FROM webhook_event',
  );
  const attempts = new Map(rows.map((row) => [row.uuid, row.attempts]));
  return new Map(
    [...arrivals(target)]
      .map(([uuid, times]): [string, number] => [uuid, times - (attempts.get(uuid) ?? 0)])
      .filter(([, beyond]) => beyond > 0),
  );
}
