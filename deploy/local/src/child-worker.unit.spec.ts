import type { ChildProcess } from 'node:child_process';
import { childWorker, type ChildOptions } from './child-worker.ts';

/** A Node child that runs `script`, and says `up` when it is. */
function child(script: string, more: Partial<ChildOptions> = {}) {
  let up: () => void = () => undefined;
  const isUp = new Promise<void>((resolve) => (up = resolve));
  let spawned: ChildProcess | undefined;
  const worker = childWorker({
    name: 'child',
    command: process.execPath,
    args: ['-e', `${script}; process.stdout.write('up'); setInterval(() => {}, 1000)`],
    options: { stdio: ['ignore', 'pipe', 'inherit'] },
    stopSignal: 'SIGTERM',
    graceMs: 5_000,
    onSpawn: (process_) => (spawned = process_),
    becomesReady: ({ stdout }) => new Promise((resolve) => stdout?.once('data', () => resolve(true))),
    onReady: () => up(),
    ...more,
  });
  return { worker, isUp, pid: () => spawned?.pid ?? 0 };
}

describe('a child process as a worker', () => {
  it('ends with the signal, and only then', async () => {
    const stopping = new AbortController();
    const { worker, isUp, pid } = child('');
    const run = worker.run(stopping.signal);
    await isUp;
    stopping.abort();
    await run;
    expect(() => process.kill(pid(), 0)).toThrow('ESRCH');
  });

  it('is killed when it does not end in its time', async () => {
    const stopping = new AbortController();
    const { worker, isUp, pid } = child(`process.on('SIGTERM', () => {})`, { graceMs: 50 });
    const run = worker.run(stopping.signal);
    await isUp;
    stopping.abort();
    await run;
    expect(() => process.kill(pid(), 0)).toThrow('ESRCH');
  });

  it('dies with its exit code or signal in words', async () => {
    const { signal } = new AbortController();
    const { worker, isUp, pid } = child('');
    const killed = expect(worker.run(signal)).rejects.toThrow('child was killed by SIGKILL');
    await isUp;
    process.kill(pid(), 'SIGKILL');
    await killed;
    await expect(child('process.exit(78)').worker.run(signal)).rejects.toMatchObject({
      exitCode: 78,
      message: 'child ended with exit code 78',
    });
  });

  it('dies when there is no such program', async () => {
    const { worker } = child('', { command: '/no/such/program' });
    await expect(worker.run(new AbortController().signal)).rejects.toThrow('ENOENT');
  });
});
