import { supervise, type Life, type Worker } from '@oms-webhooks/lifecycle';
import type { Terminal } from './terminal.ts';

export interface Supervised {
  terminal: Terminal;
  life: Life;
  /** How long the workers may take to stop, in ms. */
  stopLimitMs: number;
}

/** Makes a worker that calls the given function each time it is ready. */
export type MakeWorker = (onReady: () => void) => Worker;

const readyLimitMs = 60_000;

/**
 * Runs the workers and resolves when all are ready for the first time; from then on a dead one is started again. One that
 * dies before has no hope: that rejects with its death.
 */
export async function startSupervised(
  makers: MakeWorker[],
  { terminal, life, stopLimitMs }: Supervised,
): Promise<void> {
  const workers: Worker[] = [];
  const ready = makers.map(
    (make) =>
      new Promise<void>((resolve) => {
        let before = false;
        const worker = make(() => {
          if (before) terminal.tell(`${worker.name} runs again`);
          before = true;
          resolve();
        });
        workers.push(worker);
      }),
  );
  let limit: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_, reject) => {
    const supervision = supervise(workers, {
      log: terminal.log,
      onDeath: (name, error) => reject(error instanceof Error ? error : new Error(`${name} ended`)),
    });
    life.onClose(workers.map(({ name }) => name).join(' and '), supervision.stop, stopLimitMs);
    const names = workers.map(({ name }) => name).join(', ');
    limit = setTimeout(() => reject(new Error(`not ready within a minute: ${names}`)), readyLimitMs);
  });
  try {
    await Promise.race([Promise.all(ready), failed]);
  } finally {
    clearTimeout(limit);
  }
}
