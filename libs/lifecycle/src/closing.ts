import { systemClock, type Clock } from './clock.ts';
import type { LifecycleLog } from './log.ts';

export interface Closing {
  /**
   * Remembers how to close what has just been opened. Each close has `limitMs` (default 10 s), after which the next
   * one begins. What is opened when closing has already begun is closed at once.
   */
  onClose: (name: string, close: () => Promise<void> | void, limitMs?: number) => void;
  /** Closes everything in reverse order of opening. One shared promise; faults are logged, never thrown. */
  closeAll: () => Promise<void>;
}

/** The closing stack of a process: last opened, first closed. */
export function closingInReverse({
  log,
  clock = systemClock,
}: {
  log: LifecycleLog;
  clock?: Clock;
}): Closing {
  const open: { name: string; close: () => Promise<void> | void; limitMs: number }[] = [];
  let closed: Promise<void> | undefined;

  async function closeOne({ name, close, limitMs }: (typeof open)[number]): Promise<void> {
    const inTime = new AbortController();
    try {
      await Promise.race([
        Promise.resolve().then(close),
        clock.pause(limitMs, inTime.signal).then(() => {
          if (!inTime.signal.aborted) throw new Error(`not closed within ${limitMs} ms`);
        }),
      ]);
    } catch (error) {
      log.warn('closing failed', { what: name, error });
    } finally {
      inTime.abort();
    }
  }

  async function closeInOrder(): Promise<void> {
    for (let last = open.pop(); last; last = open.pop()) await closeOne(last);
  }

  return {
    onClose(name, close, limitMs = 10_000) {
      open.push({ name, close, limitMs });
      if (closed) closed = closed.then(closeInOrder);
    },
    closeAll: () => (closed ??= closeInOrder()),
  };
}
