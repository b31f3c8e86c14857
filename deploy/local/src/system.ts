import { mkdirSync } from 'node:fs';
import type { Settings } from '@oms-webhooks/config';
import type { Life } from '@oms-webhooks/lifecycle';
import { migrateDatabase, startDatabase } from './local-database.ts';
import { localService } from './local-service.ts';
import { keptToken, loopback, type localVariables } from './local-settings.ts';
import { isFree } from './ports.ts';
import type { Instance } from './running-instance.ts';
import { startSupervised } from './start-supervised.ts';
import type { Terminal } from './terminal.ts';

export interface SystemOptions {
  /** Where everything that stays is kept. */
  dataDir: string;
  /** What is told of this system to other verbs. */
  instance: Instance;
  settings: Pick<
    Settings<typeof localVariables>,
    'NODE_ENV' | 'DATABASE_URL' | 'PORT' | 'DISPATCHER_PORT' | 'API_TOKEN' | 'DELIVERY_TIMEOUT_MS'
  >;
  /** What the services get, beside what is decided here. */
  environment: NodeJS.ProcessEnv;
  terminal: Terminal;
  life: Life;
}

export interface RunningSystem {
  baseUrl: string;
  /** The bootstrap token; undefined in production when it is not given. */
  token: string | undefined;
}

/** A set-up that cannot work on this machine now. */
class BadSetUp extends Error {
  readonly exitCode = 78;
}

/** Starts database, ingest API and dispatcher, in this order, and resolves when all are ready. `life` closes them in reverse. */
export async function startSystem(options: SystemOptions): Promise<RunningSystem> {
  const { dataDir, instance, settings, terminal, life } = options;
  const { PORT, DISPATCHER_PORT } = settings;
  mkdirSync(dataDir, { recursive: true });
  await refuseTakenPorts({ PORT, DISPATCHER_PORT });

  const databaseUrl = settings.DATABASE_URL ?? (await startDatabase(dataDir, terminal, life));
  instance.databaseUrl = databaseUrl;
  await migrateDatabase(databaseUrl, terminal);

  const token = tokenFor(settings, dataDir);
  const environment = {
    ...options.environment,
    ...environmentFor({ ...settings, databaseUrl, token }, options.environment),
    PORT: String(PORT),
    DISPATCHER_PORT: String(DISPATCHER_PORT),
  };
  const service = {
    environment,
    dataDir,
    graceMs: settings.DELIVERY_TIMEOUT_MS + 12_000,
    tell: terminal.warn,
  };
  terminal.tell('starting the ingest API and the dispatcher…');
  await startSupervised(
    [
      (onReady) => localService({ ...service, name: 'ingest-api', port: PORT, onReady }),
      (onReady) => localService({ ...service, name: 'dispatcher', port: DISPATCHER_PORT, onReady }),
    ],
    { terminal, life, stopLimitMs: service.graceMs + 2_000 },
  );
  return { baseUrl: `http://127.0.0.1:${PORT}`, token };
}

/** The bootstrap token: as given, else, outside production, one that is kept. */
export function tokenFor(
  settings: Pick<SystemOptions['settings'], 'API_TOKEN' | 'NODE_ENV'>,
  dataDir: string,
): string | undefined {
  return settings.API_TOKEN ?? (settings.NODE_ENV === 'production' ? undefined : keptToken(dataDir));
}

/** What a service is told so that it finds the database, and, where that is embedded, may deliver to this machine. */
export function environmentFor(
  {
    databaseUrl,
    token,
    DATABASE_URL,
  }: { databaseUrl: string; token: string | undefined; DATABASE_URL: string | undefined },
  given: NodeJS.ProcessEnv,
): NodeJS.ProcessEnv {
  const isEmbedded = DATABASE_URL === undefined;
  return {
    DATABASE_URL: databaseUrl,
    ...(token !== undefined && { API_TOKEN: token }),
    ...(isEmbedded &&
      given.DELIVERY_ALLOWED_NETWORKS === undefined && { DELIVERY_ALLOWED_NETWORKS: loopback }),
  };
}

async function refuseTakenPorts(ports: Record<string, number>): Promise<void> {
  const faults: string[] = [];
  for (const [name, port] of Object.entries(ports)) {
    if (!(await isFree(port)))
      faults.push(`${name} ${port} is taken by another program, set ${name} to a free port`);
  }
  if (faults.length > 0) throw new BadSetUp(faults.join('; '));
}
