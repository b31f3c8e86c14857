import { join } from 'node:path';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import { childWorker } from './child-worker.ts';
import { openLogFile } from './log-file.ts';

export interface LocalServiceOptions {
  name: 'ingest-api' | 'dispatcher';
  /** Where `/readyz` answers. */
  port: number;
  environment: NodeJS.ProcessEnv;
  /** Its output goes to `log/<name>.log` in here. */
  dataDir: string;
  graceMs: number;
  tell: (words: string) => void;
  onReady: () => void;
}

/** The compiled main module of a service, relative to the project. */
export const serviceMain = (name: string): string => join('services', name, 'dist', 'main.js');

/** A service as a child process. The IPC channel is there to be lost: so the child learns that we were killed. */
export function localService(options: LocalServiceOptions): Worker {
  const { name, port, environment, dataDir, graceMs, tell, onReady } = options;
  const log = openLogFile(join(dataDir, 'log', `${name}.log`), (words) => tell(`${name}: ${words}`));
  return childWorker({
    name,
    command: process.execPath,
    args: [serviceMain(name)],
    options: { env: environment, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    stopSignal: 'SIGTERM',
    graceMs,
    onSpawn(child) {
      if (child.stdout) log.follow(child.stdout);
      if (child.stderr) log.follow(child.stderr);
    },
    becomesReady: (_, signal) => answers(`http://127.0.0.1:${port}/readyz`, signal),
    onReady,
  });
}

/** Resolves to true when the URL answers 200, to false when the signal aborts. */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(2_000)]) });
      await response.arrayBuffer();
      if (response.ok) return true;
    } catch {
      // Not yet.
    }
    await pause(50, signal);
  }
  return false;
}
