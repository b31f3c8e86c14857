import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '@oms-webhooks/lifecycle';

/** What a PostgreSQL server writes about itself into its data directory. */
interface Postmaster {
  pid: number;
  ready: boolean;
}

/** Reads `postmaster.pid`: the pid is on its first line, the state on its eighth. */
function readPostmaster(folder: string): Postmaster | undefined {
  try {
    const lines = readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n');
    const pid = Number(lines[0]);
    return pid > 0 ? { pid, ready: lines[7]?.trim() === 'ready' } : undefined;
  } catch {
    return undefined;
  }
}

/** Resolves to true when the server with this pid takes connections, to false when the signal aborts. */
export async function becomesReady(
  folder: string,
  pid: number | undefined,
  signal: AbortSignal,
): Promise<boolean> {
  while (!signal.aborted) {
    const server = readPostmaster(folder);
    if (server?.ready && server.pid === pid) return true;
    await pause(25, signal);
  }
  return false;
}

/**
 * Clears the way for a new server. A server that still runs there lost its parent to a hard kill: it is stopped. A pid
 * file of a dead server is left to PostgreSQL, which checks more than we can; but one whose pid now belongs to an
 * unrelated process, as after a container's restart, would stop PostgreSQL, and is removed.
 */
export async function stopOrphan(folder: string, tell: (words: string) => void): Promise<void> {
  const old = readPostmaster(folder);
  if (!old || !isAlive(old.pid)) return;
  if (!commandLine(old.pid).includes(folder)) {
    rmSync(join(folder, 'postmaster.pid'));
    return;
  }
  tell(`stopping the PostgreSQL that an earlier run left behind (pid ${old.pid})…`);
  process.kill(old.pid, 'SIGINT');
  const patience = Date.now() + 20_000;
  while (isAlive(old.pid)) {
    if (Date.now() > patience) process.kill(old.pid, 'SIGQUIT');
    await pause(50);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch {
    return false;
  }
}

/** In a container without an init, an orphan that has ended stays a zombie for ever. */
function isZombie(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? false;
  } catch {
    return false;
  }
}

function commandLine(pid: number): string {
  try {
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return readProcCommandLine(pid);
  }
}

/** Small images have no `ps`. */
function readProcCommandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
