import type { Clock } from './clock.ts';

/** The twin of `systemClock` for specs: time passes only by `advance`. */
export interface ManualClock extends Clock {
  /** Lets `ms` pass: wakes who is due, in order of time, and lets each run as far as it gets. */
  advance(ms: number): Promise<void>;
}

/** A clock that stands at `start` (epoch ms) until it is advanced. */
export function manualClock(start = 0): ManualClock {
  let now = start;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

  return {
    now: () => now,
    pause(ms, signal) {
      if (signal?.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        const sleeper = {
          at: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    async advance(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0];
        if (!next || next.at > end) break;
        now = next.at;
        next.wake();
        await settle();
      }
      now = end;
    },
  };
}
