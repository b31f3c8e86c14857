import { spawn, type ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { resolve } from 'node:path';
import { pause } from '@oms-webhooks/lifecycle';
import { signal, type Victim } from './victim.ts';

export interface ServiceOptions {
  name: string;
  program: 'ingest-api' | 'dispatcher';
  port: number;
  environment: Record<string, string>;
  logFile: string;
  /** Wrong times that its wall clock goes to one after the other, in seconds off; none: its clock is the machine's. */
  clockSteps?: number[];
  /** It ended though nobody had asked it to. */
  onUnexpectedEnd: (how: string) => void;
}

export interface Service extends Victim {
  url: string;
  /** How often it was started. */
  readonly starts: number;
  /** Goes on to the next of its wrong times. */
  stepClock(): void;
  /** Resolves when `/readyz` is green. */
  ready(): Promise<void>;
}

const READY_LIMIT_MS = 180_000;

/** A compiled service as a process. One that ends by itself is noted and started again, as a supervisor would. */
export function service(options: ServiceOptions): Service {
  const { name, program, port, environment, logFile, clockSteps, onUnexpectedEnd } = options;
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess | undefined;
  let ended: Promise<void> = Promise.resolve();
  let wanted = false;
  let starts = 0;

  function start(): Promise<void> {
    const log = openSync(logFile, 'a');
    const { PATH = '' } = process.env;
    const portOf = program === 'dispatcher' ? 'DISPATCHER_PORT' : 'PORT';
    const started = spawn(process.execPath, [resolve('services', program, 'dist', 'main.js')], {
      env: { PATH, ...environment, ...(clockSteps && steppingClock(clockSteps)), [portOf]: String(port) },
      // Losing the channel tells it that the run has ended, however it did.
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    child = started;
    wanted = true;
    starts += 1;
    ended = new Promise((whenEnded) => {
      started.once('exit', (code, killedBy) => {
        whenEnded();
        if (!wanted || child !== started) return;
        onUnexpectedEnd(`${name} ended by itself (${killedBy ?? `exit code ${code}`})`);
        void start();
      });
    });
    return Promise.resolve();
  }

  async function end(by: NodeJS.Signals): Promise<void> {
    wanted = false;
    signal(pids(), by);
    await ended;
  }

  const pids = () => (child?.pid !== undefined && child.exitCode === null ? [child.pid] : []);

  return {
    name,
    url,
    pids: () => Promise.resolve(pids()),
    get starts() {
      return starts;
    },
    start,
    kill: () => end('SIGKILL'),
    end: () => end('SIGTERM'),
    freeze: () => Promise.resolve(signal(pids(), 'SIGSTOP')),
    thaw: () => signal(pids(), 'SIGCONT'),
    stepClock: () => signal(pids(), 'SIGUSR2'),
    async ready() {
      const until = Date.now() + READY_LIMIT_MS;
      while (!(await isReady(url))) {
        if (Date.now() > until) throw new Error(`${name} is not ready after three minutes: see ${logFile}`);
        await pause(50);
      }
    },
  };
}

const steppingClock = (steps: number[]) => ({
  NODE_OPTIONS: `--import ${new URL('./stepping-clock.js', import.meta.url).href}`,
  CLOCK_STEPS: steps.join(','),
});

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
