import { systemClock, type Clock } from './clock.ts';
import type { LifecycleLog } from './log.ts';

/** Whatever runs: a server, a consumer, a scan. `run` ends, without throwing, soon after the signal aborts. */
export interface Worker {
  name: string;
  run(signal: AbortSignal): Promise<void>;
}

export interface Supervision {
  /** Names of the workers that have died and do not run again yet. Readiness is red while there are any. */
  down: () => string[];
  /** Aborts every worker and resolves when all have ended. One shared promise. */
  stop: () => Promise<void>;
}

export interface SuperviseOptions {
  log: LifecycleLog;
  /** Told of each death, before the pause. `error` is undefined when the worker returned without being asked to. */
  onDeath?: (worker: string, error: unknown) => void;
  clock?: Clock;
  /** Pauses double from the first to the longest; a worker that ran longer than the longest begins anew. */
  firstPauseMs?: number;
  longestPauseMs?: number;
}

/** Runs the workers until `stop`, and those that die again after a growing pause. */
export function supervise(workers: readonly Worker[], options: SuperviseOptions): Supervision {
  const { log, onDeath, clock = systemClock, firstPauseMs = 500, longestPauseMs = 30_000 } = options;
  const stopping = new AbortController();
  const down = new Set<string>();

  async function keepRunning(worker: Worker): Promise<void> {
    let pauseMs = firstPauseMs;
    while (!stopping.signal.aborted) {
      const started = clock.now();
      down.delete(worker.name);
      const error = await deathOf(worker, stopping.signal);
      // Typed by what the loop knew before the await; the abort may have come meanwhile.
      if ((stopping.signal as { aborted: boolean }).aborted) {
        if (error) log.error('a worker failed while it stopped', { worker: worker.name, error });
        return;
      }
      if (clock.now() - started > longestPauseMs) pauseMs = firstPauseMs;
      down.add(worker.name);
      log.error('a worker died and runs again after a pause', {
        worker: worker.name,
        pause_ms: pauseMs,
        error,
      });
      onDeath?.(worker.name, error);
      await clock.pause(pauseMs, stopping.signal);
      pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    }
  }

  const all = Promise.all(workers.map(keepRunning)).then(() => undefined);
  return {
    down: () => [...down],
    stop() {
      stopping.abort();
      return all;
    },
  };
}

async function deathOf(worker: Worker, signal: AbortSignal): Promise<unknown> {
  try {
    await worker.run(signal);
    return undefined;
  } catch (error) {
    return error ?? new Error('thrown without a value');
  }
}
