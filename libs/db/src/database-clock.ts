import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

/**
 * The database's clock, read from this process: leases are compared with the clock that wrote them, whatever the clock
 * of this machine says.
 */
export class DatabaseClock {
  readonly #pool: Pool;
  #offset = 0;

  constructor(pool: Pool) {
    this.#pool = pool;
  }

  /** Microseconds, monotonic within this process between synchronisations. */
  now(): Instant {
    return localMicros() + this.#offset;
  }

  /**
   * Measures the offset; the error is at most half of the round trip. A process that was stopped while it waited would
   * take leases to be longer than they are, so a slow round trip is measured again, and the shortest counts.
   */
  async synchronise(): Promise<void> {
    let shortest = Infinity;
    let offset = this.#offset;
    for (let tries = 0; tries < MEASUREMENTS && shortest > QUICK_MICROS; tries += 1) {
      const before = localMicros();
      const { rows } = await this.#pool.query<{ now: Instant }>('SELECT clock_timestamp() AS now');
      const after = localMicros();
      if (!rows[0] || after - before >= shortest) continue;
      shortest = after - before;
      offset = rows[0].now - Math.round((before + after) / 2);
    }
    this.#offset = offset;
  }
}

const MEASUREMENTS = 3;
const QUICK_MICROS = 50_000;

function localMicros(): number {
  return Math.round((performance.timeOrigin + performance.now()) * 1000);
}
