import type { Metrics } from './metrics.ts';

/** Which of a process's workers run. */
export function workerMetrics(
  metrics: Metrics,
  workers: readonly { name: string }[],
  down: () => string[],
): void {
  metrics.gauge(
    'oms_worker_up',
    'Whether a worker of the process runs; 0 between its death and its next start.',
    {
      labels: ['worker'],
      collect: (gauge) => {
        const dead = down();
        for (const { name } of workers) gauge.set({ worker: name }, dead.includes(name) ? 0 : 1);
      },
    },
  );
}
