import { countListeners, isDatabaseAway } from '@oms-webhooks/db';
import { pause, type Worker } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';

const EVERY_MS = 2000;
const PREFIX = 'dispatcher listens ';

/**
 * How many dispatchers there are, so that each takes its share of a webhook's rate limit. Counted by the connections on
 * which they listen: one that dies is gone with its connection, and needs no heart-beat.
 */
export class FellowDispatchers implements Worker {
  readonly name = 'fellow-dispatchers';
  /** Of this process's own listening connection. */
  readonly applicationName = `${PREFIX}${randomBytes(6).toString('hex')}`;
  readonly #options: { pool: Pool; onChange: () => void; log: Log };
  #count = 1;

  constructor(options: { pool: Pool; onChange: () => void; log: Log }) {
    this.#options = options;
  }

  /** This one and the others, as they were counted last. */
  get count(): number {
    return this.#count;
  }

  /** Counts at once. Rejects while PostgreSQL is away. */
  async read(): Promise<void> {
    const { pool, onChange, log } = this.#options;
    // Without ourselves, who may not listen yet, or may be connecting anew.
    const count = 1 + (await countListeners(pool, PREFIX, this.applicationName));
    if (count === this.#count) return;
    this.#count = count;
    log.info('dispatchers share rate limits', { dispatchers: count });
    onChange();
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.read().catch((error: unknown) => {
        if (!isDatabaseAway(error)) throw error;
      });
      await pause(EVERY_MS, signal);
    }
  }
}
