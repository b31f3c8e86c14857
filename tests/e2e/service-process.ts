import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '../environment/target.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** A line of a service's log. */
type LogLine = { level: string; message: string; [field: string]: unknown };

/** A compiled service as a process of its own, which can be started, stopped and killed over and over. */
export interface ServiceProcess {
  readonly url: string;
  /** What it has logged, in all its lives. */
  readonly lines: LogLine[];
  /** Resolves when `/readyz` is green. */
  start(): Promise<void>;
  /** SIGTERM; answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

/** The module that a service of this version starts with. */
export const entryOf = (name: 'ingest-api' | 'dispatcher') => join(ROOT, 'services', name, 'dist', 'main.js');

export function serviceProcess(
  name: 'ingest-api' | 'dispatcher',
  port: number,
  environment: Record<string, string>,
  entry = entryOf(name),
): ServiceProcess {
  const url = `http://127.0.0.1:${port}`;
  const lines: LogLine[] = [];
  let child: ChildProcess | undefined;

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child;
    child = undefined;
    if (!ending) return null;
    if (ending.exitCode !== null || ending.signalCode !== null) return ending.exitCode;
    const ended = new Promise<void>((resolve) => ending.once('close', () => resolve()));
    ending.kill(signal);
    await ended;
    return ending.exitCode;
  }

  return {
    url,
    lines,
    async start() {
      const { PATH = '' } = process.env;
      const started = spawn(process.execPath, [entry], {
        env: { PATH, ...environment, [name === 'dispatcher' ? 'DISPATCHER_PORT' : 'PORT']: String(port) },
        // Losing the channel tells it that the tests have ended, however they did.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      child = started;
      for (const stream of [started.stdout, started.stderr])
        if (stream) createInterface({ input: stream }).on('line', (line) => lines.push(parsed(line)));
      await eventually(() => started.exitCode !== null || isReady(url), {
        withinMs: 180_000,
        what: `${name} being ready`,
      });
      if (started.exitCode !== null) throw new Error(`${name} ended: ${JSON.stringify(lines.slice(-5))}`);
    },
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
    },
  };
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );

function parsed(line: string): LogLine {
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return { level: 'none', message: line };
  }
}
