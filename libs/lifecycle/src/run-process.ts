import { setFlagsFromString } from 'node:v8';
import { closingInReverse, type Closing } from './closing.ts';
import type { LifecycleLog } from './log.ts';
import { onParentEnd } from './parent-end.ts';

export interface Life extends Pick<Closing, 'onClose'> {
  /** Aborts when the process is asked to stop, before anything is closed. */
  signal: AbortSignal;
  /** Ends the process when its work is done: closes everything in reverse order, then exits with this code. */
  end: (exitCode: number) => void;
}

export interface RunProcessOptions {
  /** Opens everything and resolves when the process is up; throws in words when it cannot, with an `exitCode` of its own or 1. */
  start: (life: Life) => Promise<void>;
  /** How long closing may take after the first signal, in ms; then the process ends with 1. */
  graceMs: number;
  log: LifecycleLog;
}

/**
 * By how much V8 lets a heap grow beyond what was alive before it collects all of it; by itself up to fourfold. Events pass
 * through a process and leave nothing behind: a service under load takes 230 MiB instead of 370 (`docs/performance.md`).
 */
const HEAP_GROWTH_PERCENT = 120;

const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Signals this close together are one wish: on Ctrl-C the terminal signals the whole foreground group, and npm then
 * forwards the same signal to its child once more.
 */
export const oneWishMs = 300;

/**
 * The life of a process, from start to exit. SIGTERM, SIGINT, or the end of the parent begin
 * the stop; a second signal ends at once (130, 143). Exit codes: 0 stopped in time, 1 failed or too slow.
 */
export async function runProcess({ start, graceMs, log }: RunProcessOptions): Promise<void> {
  setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH_PERCENT}`);
  const closing = closingInReverse({ log });
  const stopping = new AbortController();
  let askedAt = 0;

  async function stop(exitCode: number, why?: string): Promise<void> {
    if (stopping.signal.aborted) return;
    askedAt = Date.now();
    if (why) log.info('stopping', { why, grace_ms: graceMs });
    stopping.abort();
    setTimeout(() => {
      log.error('not stopped within the grace period', { grace_ms: graceMs });
      process.exit(1);
    }, graceMs);
    await closing.closeAll();
    if (why) log.info('stopped');
    process.exit(exitCode);
  }

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) void stop(0, signal);
      else if (Date.now() - askedAt > oneWishMs) process.exit(exitCodes[signal]);
    });
  }
  onParentEnd(() => void stop(0, 'the parent process has ended'));
  // Who reads our lines may end before us; that is no reason to end.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  process.on('uncaughtException', (error) => {
    log.error('an unexpected error ends the process', { error });
    process.exit(1);
  });

  try {
    await start({
      onClose: closing.onClose,
      signal: stopping.signal,
      end: (exitCode) => void stop(exitCode),
    });
  } catch (error) {
    if (stopping.signal.aborted) return;
    log.error(`cannot start: ${error instanceof Error ? error.message : String(error)}`, { error });
    await closing.closeAll();
    process.exit(exitCodeOf(error));
  }
}

function exitCodeOf(error: unknown): number {
  const { exitCode } = (error ?? {}) as { exitCode?: unknown };
  return typeof exitCode === 'number' ? exitCode : 1;
}
