import { pause, type Life, type Worker } from '@oms-webhooks/lifecycle';
import { startSupervised } from './start-supervised.ts';
import { createTerminal } from './terminal.ts';

describe('startSupervised', () => {
  let told: string;
  let stop: () => Promise<void> | void;
  const terminal = createTerminal((text) => (told += text), false);
  const life: Life = {
    signal: new AbortController().signal,
    onClose: (_name, close) => (stop = close),
    end: () => undefined,
  };
  const start = (makers: ((onReady: () => void) => Worker)[]) =>
    startSupervised(makers, { terminal, life, stopLimitMs: 1_000 });

  beforeEach(() => {
    told = '';
  });
  afterEach(() => stop());

  it('resolves when all are ready', async () => {
    const ready: string[] = [];
    const worker = (name: string) => (onReady: () => void) => ({
      name,
      run: async (signal: AbortSignal) => {
        ready.push(name);
        onReady();
        await pause(60_000, signal);
      },
    });
    await start([worker('a'), worker('b')]);
    expect(ready).toEqual(['a', 'b']);
  });

  it('fails with the death of a worker that was never ready', async () => {
    const hopeless = () => ({
      name: 'hopeless',
      run: () => Promise.reject(new Error('hopeless ended with exit code 78')),
    });
    await expect(start([hopeless])).rejects.toThrow('hopeless ended with exit code 78');
  });

  it('says when a worker died and when it runs again', async () => {
    let kill: (error: Error) => void = () => undefined;
    let runs = 0;
    let again: () => void = () => undefined;
    const runsAgain = new Promise<void>((resolve) => (again = resolve));
    await start([
      (onReady) => ({
        name: 'dispatcher',
        run(signal) {
          onReady();
          if (++runs === 2) again();
          return Promise.race([pause(60_000, signal), new Promise<void>((_, reject) => (kill = reject))]);
        },
      }),
    ]);
    kill(new Error('dispatcher was killed by SIGKILL'));
    await runsAgain;
    expect(told).toBe(
      '! dispatcher was killed by SIGKILL; it starts again in 0.5 s\n· dispatcher runs again\n',
    );
  });
});
