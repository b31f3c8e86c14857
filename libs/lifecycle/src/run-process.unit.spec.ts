import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { buildSync } from 'esbuild';

const bundle = buildSync({
  stdin: {
    contents: `export * from './run-process.ts'; export * from './clock.ts'`,
    resolveDir: __dirname,
    loader: 'ts',
  },
  bundle: true,
  write: false,
  platform: 'node',
  format: 'iife',
  globalName: 'lifecycle',
}).outputFiles[0]?.text;

const prelude = `${bundle}
const { runProcess, pause } = lifecycle;
const log = Object.fromEntries(['info', 'warn', 'error'].map((at) => [at, (message) => console.log(message)]));
`;

/** A child process that runs this script. `up` resolves at its first output, `code` at its end; then `output` is whole. */
function child(
  script: string,
  { channel = false, inShell = false }: { channel?: boolean; inShell?: boolean } = {},
) {
  const node = [process.execPath, '-e', prelude + script];
  // As npm does it, except that this shell surely stays between us and the process.
  const [command = '', ...args] = inShell ? ['sh', '-c', '"$0" "$@"; exit $?', ...node] : node;
  const spawned = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'inherit', ...(channel ? (['ipc'] as const) : [])],
    env: { ...process.env, npm_lifecycle_event: inShell ? 'start' : undefined },
  });
  const { stdout } = spawned;
  if (!stdout) throw new Error('stdout is piped');
  let output = '';
  stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  // Not its `close`: that does not come when we have closed the channel.
  const ended = Promise.all([once(spawned, 'exit'), once(stdout, 'end')]);
  const up = Promise.race([ended, once(stdout, 'data')]);
  const code = ended.then(([[exitCode]]) => exitCode as number | null);
  return { spawned, up, code, output: () => output };
}

const opensTwo = `runProcess({ log, graceMs: 5000, async start({ onClose }) {
  onClose('database', () => console.log('database closed'));
  onClose('server', () => console.log('server closed'));
  setInterval(() => {}, 1000);
  console.log('up');
} })`;
const hangs = `runProcess({ log, graceMs: 60000, async start({ onClose }) {
  onClose('server', () => new Promise(() => {}), 60000);
  setInterval(() => {}, 1000);
  console.log('up');
} })`;

describe('runProcess', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'closes in reverse order on %s and exits with 0',
    async (signal) => {
      const { spawned, up, output, code } = child(opensTwo);
      await up;
      spawned.kill(signal);
      expect(await code).toBe(0);
      expect(output().split('\n')).toEqual([
        'up',
        'stopping',
        'server closed',
        'database closed',
        'stopped',
        '',
      ]);
    },
  );

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at once when %s comes a second time', async (signal, exitCode) => {
    const { spawned, up, code } = child(hangs);
    await up;
    spawned.kill(signal);
    // What comes within a moment of the first is the same wish, so we repeat it.
    const again = setInterval(() => spawned.kill(signal), 50);
    expect(await code).toBe(exitCode);
    clearInterval(again);
  });

  it('takes the Ctrl-C that npm forwards once more for one', async () => {
    const { spawned, up, output, code } = child(opensTwo);
    await up;
    spawned.kill('SIGINT');
    spawned.kill('SIGINT');
    expect(await code).toBe(0);
    expect(output()).toContain('stopped');
  });

  it('stops when the parent that had opened a channel is gone', async () => {
    const { spawned, up, output, code } = child(opensTwo, { channel: true });
    await up;
    spawned.disconnect();
    expect(await code).toBe(0);
    expect(output()).toContain('server closed');
  });

  it('stops when the shell that npm had started it in is gone', async () => {
    const { spawned, up, output, code } = child(opensTwo, { inShell: true });
    await up;
    spawned.kill('SIGTERM');
    await code;
    expect(output()).toContain('server closed');
  });

  it('exits with 1 when closing takes longer than the grace', async () => {
    const { spawned, up, output, code } = child(hangs.replace('60000', '50'));
    await up;
    spawned.kill('SIGTERM');
    expect(await code).toBe(1);
    expect(output()).toContain('not stopped within the grace period');
  });

  it('says in words why it cannot start, closes what it had opened, and exits with 1 or the code of the error', async () => {
    const fails = (error: string) =>
      child(`runProcess({ log, graceMs: 5000, async start({ onClose }) {
        onClose('database', () => console.log('database closed'));
        throw ${error};
      } })`);
    const plain = fails(`new Error('the port is taken')`);
    expect(await plain.code).toBe(1);
    expect(plain.output()).toBe('cannot start: the port is taken\ndatabase closed\n');
    expect(await fails(`Object.assign(new Error('bad set-up'), { exitCode: 78 })`).code).toBe(78);
  });

  it('ends with the given code when its work is done', async () => {
    const { output, code } = child(`runProcess({ log, graceMs: 5000, async start({ onClose, end }) {
      onClose('database', () => console.log('database closed'));
      end(3);
    } })`);
    expect(await code).toBe(3);
    expect(output()).toBe('database closed\n');
  });

  it('does not outlive an unexpected error', async () => {
    const { output, code } = child(`runProcess({ log, graceMs: 5000, async start() {
      setTimeout(() => { throw new Error('a bug'); }, 1);
      await pause(60000);
    } })`);
    expect(await code).toBe(1);
    expect(output()).toContain('an unexpected error ends the process');
  });
});
