/** Time as an argument: milliseconds since the epoch, and waiting. */
export interface Clock {
  now(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; it never rejects, so loops simply look at the signal. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Waits `ms` milliseconds, or less when `signal` aborts. Never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/**
 * Milliseconds since the epoch as this machine took them to be when the process began: steps of the wall clock since
 * then do not show. For ages and time limits, never for what another machine reads.
 */
export const steadyNow = (): number => performance.timeOrigin + performance.now();

export const systemClock: Clock = { now: () => Date.now(), pause };
