import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../environment/free-port.ts';
import { eventually } from '../../environment/target.ts';
import type { Example } from './examples.ts';

/** An example receiver as a process, with an inbox that outlives it. */
export interface ReceiverProcess {
  url: string;
  /** What it has said in all its lives, a line each. */
  lines(): string[];
  start(secret: string): Promise<void>;
  stop(): Promise<void>;
  /** Stops it and removes its inbox. */
  remove(): Promise<void>;
}

export async function receiverProcess(example: Example): Promise<ReceiverProcess> {
  const scratch = await mkdtemp(join(tmpdir(), 'oms-receiver-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/hooks`;
  let said = '';
  let stop = () => Promise.resolve();

  return {
    url,
    lines: () => said.split('\n'),
    async start(secret) {
      const given = { PORT: String(port), INBOX: join(scratch, 'inbox'), WEBHOOK_SECRET: secret };
      const { command, folder, environment } = await example.prepare(scratch, given);
      const [file, ...args] = command;
      const child = spawn(file, args, {
        cwd: folder,
        env: { ...process.env, ...given, ...environment },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
      let failure: Error | undefined;
      child.once('error', (error) => (failure = error));
      for (const stream of [child.stdout, child.stderr])
        stream.setEncoding('utf8').on('data', (text: string) => (said += text));
      stop = async () => {
        child.kill('SIGTERM');
        await ended;
        stop = () => Promise.resolve();
      };
      const isGone = () => failure !== undefined || child.exitCode !== null;
      await eventually(() => isGone() || isAnswering(url), { withinMs: 60_000, what: `${url} answering` });
      if (isGone()) throw new Error(`${example.name} did not start: ${failure?.message ?? said}`);
    },
    stop: () => stop(),
    async remove() {
      await stop();
      await rm(scratch, { recursive: true, force: true });
    },
  };
}

const isAnswering = (url: string): Promise<boolean> =>
  fetch(url).then(
    async (response) => {
      await response.text();
      return true;
    },
    () => false,
  );
