import { ensurePartitions } from '@oms-webhooks/db';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';

const EVERY_MS = 6 * 3600 * 1000;
const AFTER_A_FAULT_MS = 30_000;

/** Keeps the weekly partitions ahead of time. */
export function partitionKeeper(pool: Pool, log: Log): Worker {
  return {
    name: 'partition-keeper',
    async run(signal) {
      while (!signal.aborted) {
        const kept = await ensurePartitions(pool).then(
          () => true,
          (error: unknown) => {
            log.warn('cannot create partitions, trying again', { error });
            return false;
          },
        );
        await pause(kept ? EVERY_MS : AFTER_A_FAULT_MS, signal);
      }
    },
  };
}
