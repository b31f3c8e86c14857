import { manualClock } from './manual-clock.ts';
import { supervise, type Worker } from './supervise.ts';

const silent = { info() {}, warn() {}, error() {} };
const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

describe('supervise', () => {
  it('runs a worker that dies again after a pause that doubles up to its limit', async () => {
    const clock = manualClock();
    const startedAt: number[] = [];
    const worker: Worker = {
      name: 'scan',
      run() {
        startedAt.push(clock.now());
        return Promise.reject(new Error('boom'));
      },
    };
    const supervision = supervise([worker], {
      log: silent,
      clock,
      firstPauseMs: 1_000,
      longestPauseMs: 4_000,
    });
    await clock.advance(16_000);
    expect(startedAt).toEqual([0, 1_000, 3_000, 7_000, 11_000, 15_000]);
    await supervision.stop();
  });

  it('is red while a worker is down, and green when it runs again', async () => {
    const clock = manualClock();
    let runs = 0;
    const flaky: Worker = {
      name: 'intake',
      run: (signal) => (++runs === 1 ? Promise.reject(new Error('broker away')) : untilAborted(signal)),
    };
    const steady: Worker = { name: 'probes', run: untilAborted };
    const deaths: string[] = [];
    const supervision = supervise([flaky, steady], {
      log: silent,
      clock,
      firstPauseMs: 500,
      onDeath: (name, error) => deaths.push(`${name}: ${(error as Error).message}`),
    });
    await clock.advance(0);
    expect(supervision.down()).toEqual(['intake']);
    await clock.advance(500);
    expect(supervision.down()).toEqual([]);
    expect(deaths).toEqual(['intake: broker away']);
    await supervision.stop();
  });

  it('takes a worker that returns on its own for dead', async () => {
    const clock = manualClock();
    const deaths: unknown[] = [];
    const supervision = supervise([{ name: 'scan', run: () => Promise.resolve() }], {
      log: silent,
      clock,
      onDeath: (_, error) => deaths.push(error),
    });
    await clock.advance(0);
    expect(deaths).toEqual([undefined]);
    await supervision.stop();
  });

  it('begins with the first pause again after a long run', async () => {
    const clock = manualClock();
    const startedAt: number[] = [];
    const worker: Worker = {
      name: 'scan',
      async run(signal) {
        startedAt.push(clock.now());
        if (startedAt.length === 3) await clock.pause(60_000, signal);
        throw new Error('boom');
      },
    };
    const supervision = supervise([worker], {
      log: silent,
      clock,
      firstPauseMs: 1_000,
      longestPauseMs: 8_000,
    });
    await clock.advance(65_000);
    expect(startedAt).toEqual([0, 1_000, 3_000, 64_000]);
    await supervision.stop();
  });

  it('stops by one shared promise that waits for all workers', async () => {
    const ended: string[] = [];
    const worker = (name: string): Worker => ({
      name,
      run: (signal) => untilAborted(signal).then(() => void ended.push(name)),
    });
    const supervision = supervise([worker('a'), worker('b')], { log: silent });
    expect(supervision.stop()).toBe(supervision.stop());
    await supervision.stop();
    expect(ended).toEqual(['a', 'b']);
  });
});
