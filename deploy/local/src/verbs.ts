import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readSettings } from '@oms-webhooks/config';
import { runProcess, type Life } from '@oms-webhooks/lifecycle';
import { ChildEnded, childWorker } from './child-worker.ts';
import { migrateDatabase, startDatabase } from './local-database.ts';
import { serviceMain } from './local-service.ts';
import { localRules, localVariables } from './local-settings.ts';
import { askRunning, becomeTheRunning } from './running-instance.ts';
import { dataDir, socketPath } from './start.ts';
import { environmentFor, tokenFor } from './system.ts';
import type { Terminal } from './terminal.ts';

const { NODE_ENV, DATABASE_URL, API_TOKEN } = localVariables;

/** `npm run migrate`. */
export const migrateOnce = (terminal: Terminal): Promise<void> =>
  withDatabase(terminal, async (url, life) => {
    await migrateDatabase(url, terminal);
    life.end(0);
  });

/** `npm run tokens -- …`, `npm run rotate-secrets`: a command of the ingest API, on the database that is found. */
export const ingestCommand = (path: string, args: string[], terminal: Terminal): Promise<void> =>
  withDatabase(terminal, async (url, life, isOurs) => {
    if (isOurs) await migrateDatabase(url, terminal);
    const command = resolve('services', 'ingest-api', 'dist', path);
    life.end(await runToEnd([command, ...args], { ...process.env, DATABASE_URL: url }, life));
  });

/** `npm run dead-letters -- …`: a command of the ingest API that needs Kafka and no database. */
export const busCommand = (path: string, args: string[], terminal: Terminal): Promise<void> =>
  runProcess({
    log: terminal.log,
    graceMs: 90_000,
    async start(life) {
      const command = resolve('services', 'ingest-api', 'dist', path);
      life.end(await runToEnd([command, ...args], process.env, life));
    },
  });

/**
 * `npm run start:ingest-api`, `npm run start:dispatcher`: one service alone. With a DATABASE_URL, or in production, this
 * process becomes the service; else the service is a child beside the embedded database.
 */
export async function serviceAlone(name: 'ingest-api' | 'dispatcher', terminal: Terminal): Promise<void> {
  if (process.env.DATABASE_URL || process.env.NODE_ENV === 'production') {
    await import(pathToFileURL(resolve(serviceMain(name))).href);
    return;
  }
  await withDatabase(terminal, async (databaseUrl, life, isOurs) => {
    if (isOurs) await migrateDatabase(databaseUrl, terminal);
    const settings = readSettings(process.env, { NODE_ENV, API_TOKEN });
    const own = { databaseUrl, token: tokenFor(settings, dataDir), DATABASE_URL: undefined };
    const environment = { ...process.env, ...environmentFor(own, process.env) };
    // Not awaited: the service runs until it ends or is told to.
    void runToEnd([serviceMain(name)], environment, life).then(life.end);
  });
}

/** Finds the database (given, of a running system, or started for the duration) and does the work. */
async function withDatabase(
  terminal: Terminal,
  work: (url: string, life: Life, isOurs: boolean) => Promise<void>,
): Promise<void> {
  await runProcess({
    log: terminal.log,
    graceMs: 90_000,
    async start(life) {
      const settings = readSettings(process.env, { NODE_ENV, DATABASE_URL }, localRules);
      if (settings.DATABASE_URL !== undefined) return work(settings.DATABASE_URL, life, false);
      const running = await askRunning(socketPath);
      if (running?.databaseUrl !== undefined) return work(running.databaseUrl, life, false);
      const instance = await becomeTheRunning(socketPath, life);
      instance.databaseUrl = await startDatabase(dataDir, terminal, life);
      await work(instance.databaseUrl, life, true);
    },
  });
}

/** Runs a Node child on our terminal to its end, and resolves to its exit code. */
async function runToEnd(args: string[], environment: NodeJS.ProcessEnv, life: Life): Promise<number> {
  const stopping = new AbortController();
  const child = childWorker({
    name: args[0] ?? 'node',
    command: process.execPath,
    args,
    options: { env: environment, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] },
    stopSignal: 'SIGTERM',
    graceMs: 60_000,
    becomesReady: () => Promise.resolve(true),
    onReady: () => undefined,
  });
  const ended = child.run(stopping.signal).then(
    () => 0,
    (error: unknown) => (error instanceof ChildEnded ? (error.exitCode ?? 1) : 1),
  );
  life.onClose(
    'child process',
    () => {
      stopping.abort();
      return ended.then(() => undefined);
    },
    65_000,
  );
  return ended;
}
