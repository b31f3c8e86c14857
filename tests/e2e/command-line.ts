import { spawn } from 'node:child_process';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '..', '..', 'cli', 'bin', 'oms-webhooks.mjs');

/** A command while it runs, and when it has ended. */
export interface RunningCommand {
  /** What it has said so far. */
  output: { stdout: string; stderr: string };
  signal(signal: NodeJS.Signals): void;
  ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
}

/** The real `oms-webhooks`, as a process of its own. */
export function startCommand(args: string[], environment: Record<string, string> = {}): RunningCommand {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => (output[name] += text));
  return {
    output,
    signal: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...output }))),
  };
}
