import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Worker } from '@oms-webhooks/lifecycle';
import { childWorker } from './child-worker.ts';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { openCluster } from './postgres-cluster.ts';
import { becomesReady } from './postmaster.ts';
import { unprivileged } from './unprivileged.ts';

export interface EmbeddedPostgresOptions {
  /** Holds `postgres/`, its password and its log. */
  dataDir: string;
  port: number;
  tell: (words: string) => void;
  onReady: () => void;
}

/** A real PostgreSQL on the loopback, from binaries that npm has installed, with data that stay. `url` is good once it is ready. */
export function embeddedPostgres(options: EmbeddedPostgresOptions): { url: string; worker: Worker } {
  const { port, tell, onReady } = options;
  const dataDir = resolve(options.dataDir);
  const binaries = findPostgresBinaries();
  const user = unprivileged(binaries.postgres);
  mkdirSync(join(dataDir, 'log'), { recursive: true });
  if (!existsSync(join(dataDir, 'postgres'))) tell('making a PostgreSQL database (first time only)…');
  const cluster = openCluster(dataDir, binaries, user);
  // No Unix socket: its path would have a limit of 107 bytes, and /tmp is not ours.
  const own = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 200 };
  const settings = Object.entries(own).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const program = user.wrap(binaries.postgres, ['-D', cluster.folder, ...settings]);
  const log = openSync(join(dataDir, 'log', 'postgres.log'), 'a');
  process.once('exit', () => closeSync(log));

  const worker = childWorker({
    ...program,
    name: 'PostgreSQL',
    options: { ...program.options, stdio: ['ignore', log, log] },
    // PostgreSQL's fast shutdown: it ends the sessions and writes a checkpoint.
    stopSignal: 'SIGINT',
    graceMs: 30_000,
    becomesReady: ({ pid }, signal) => becomesReady(cluster.folder, pid, signal),
    onReady,
  });
  return { url: cluster.url(port), worker };
}
