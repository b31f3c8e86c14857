import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import type { Worker } from '@oms-webhooks/lifecycle';

export interface ChildOptions {
  name: string;
  command: string;
  args: string[];
  options: SpawnOptions;
  /** Begins the stop; what has not ended after `graceMs` is killed. */
  stopSignal: NodeJS.Signals;
  graceMs: number;
  onSpawn?: (child: ChildProcess) => void;
  /** Resolves to true when the child does its work; gives up when the signal aborts. */
  becomesReady: (child: ChildProcess, signal: AbortSignal) => Promise<boolean>;
  onReady: () => void;
}

/** A child process that ended though nobody had asked it to. */
export class ChildEnded extends Error {
  readonly exitCode: number | null;

  constructor(name: string, exitCode: number | null, killedBy: NodeJS.Signals | null) {
    super(killedBy ? `${name} was killed by ${killedBy}` : `${name} ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

const running = new Set<ChildProcess>();

/**
 * A child process as a worker: it runs until the signal aborts, and `ChildEnded` is thrown when it ends by itself. It
 * leads a process group of its own, so that Ctrl-C in the terminal reaches only us, and the order of stopping is ours.
 */
export function childWorker(child: ChildOptions): Worker {
  async function run(signal: AbortSignal): Promise<void> {
    const spawned = spawn(child.command, child.args, { ...child.options, detached: true });
    running.add(spawned);
    const ended = endOf(spawned, child.name);
    const over = new AbortController();
    let killing: NodeJS.Timeout | undefined;
    const stop = () => {
      spawned.kill(child.stopSignal);
      killing = setTimeout(() => spawned.kill('SIGKILL'), child.graceMs);
    };
    signal.addEventListener('abort', stop, { once: true });
    try {
      child.onSpawn?.(spawned);
      void child.becomesReady(spawned, over.signal).then((ready) => ready && child.onReady());
      const end = await ended;
      if (!signal.aborted) throw end;
    } finally {
      over.abort();
      running.delete(spawned);
      clearTimeout(killing);
      signal.removeEventListener('abort', stop);
    }
  }

  return { name: child.name, run };
}

function endOf(spawned: ChildProcess, name: string): Promise<ChildEnded> {
  return new Promise((resolve, reject) => {
    spawned.once('exit', (code, killedBy) => resolve(new ChildEnded(name, code, killedBy)));
    spawned.once('error', reject);
  });
}

/** Kills all children that still run, for an end without waiting. PostgreSQL recovers from that at its next start. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}
