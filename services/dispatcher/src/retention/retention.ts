import { dropOldWeeks, forgetAuditEntries, forgetIdempotencyKeys } from '@oms-webhooks/db';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';

const EVERY_MS = 3600 * 1000;
const AFTER_A_FAULT_MS = 30_000;
/** Between two batches of rows, so that deliveries have the database to themselves in between. */
const BETWEEN_BATCHES_MS = 50;

/** Drops what is older than its retention: weeks of finished events and of attempts, idempotency keys, audit entries. */
export function retention({ pool, days, log }: { pool: Pool; days: number; log: Log }): Worker {
  async function clear(signal: AbortSignal): Promise<void> {
    await dropOldWeeks(pool, {
      days,
      wallClock: Date.now(),
      signal,
      onDropped: (partition, kept) =>
        log.info('a week past its retention was dropped', { partition, unfinished_events_kept: kept }),
    });
    for (const forget of [forgetIdempotencyKeys, forgetAuditEntries])
      while (!signal.aborted && (await forget(pool))) await pause(BETWEEN_BATCHES_MS, signal);
  }
  return {
    name: 'retention',
    async run(signal) {
      while (!signal.aborted) {
        const cleared = await clear(signal).then(
          () => true,
          (error: unknown) => {
            log.warn('what is past its retention could not be dropped, trying again', { error });
            return false;
          },
        );
        await pause(cleared ? EVERY_MS : AFTER_A_FAULT_MS, signal);
      }
    },
  };
}
