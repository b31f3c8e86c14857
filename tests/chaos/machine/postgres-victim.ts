import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { embeddedPostgres } from '@oms-webhooks/local/embedded-postgres';
import { signal, type Victim } from './victim.ts';

/** A real PostgreSQL with fsync on. A crash takes all of its processes at once, as that of a machine would. */
export function postgresVictim(dataDir: string, port: number): Victim & { url: string } {
  let whenReady: () => void = () => undefined;
  const { url, worker } = embeddedPostgres({
    dataDir,
    port,
    tell: () => undefined,
    onReady: () => whenReady(),
  });
  let ending = new AbortController();
  let ended: Promise<void> = Promise.resolve();
  let frozen: number[] = [];

  return {
    name: 'PostgreSQL',
    url,
    pids: () => processes(dataDir),
    async start() {
      ending = new AbortController();
      const ready = new Promise<void>((resolve) => (whenReady = resolve));
      const running = worker.run(ending.signal);
      ended = running.catch(() => undefined);
      await Promise.race([ready, running]);
    },
    async kill() {
      signal(await processes(dataDir), 'SIGKILL');
      await ended;
    },
    async end() {
      ending.abort();
      await ended;
    },
    async freeze() {
      frozen = await processes(dataDir);
      signal(frozen, 'SIGSTOP');
    },
    thaw: () => signal(frozen, 'SIGCONT'),
  };
}

/** The postmaster and its children, which have process groups of their own. */
async function processes(dataDir: string): Promise<number[]> {
  const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=']);
  const all = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return [postmaster, ...all.flatMap(([pid = 0, parent]) => (parent === postmaster ? [pid] : []))];
}
