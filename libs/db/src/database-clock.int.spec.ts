import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';
import { DatabaseClock } from './database-clock.ts';
import type { Database } from './database.ts';
import { openSpecDatabase } from './testing/spec-database.ts';

describe('DatabaseClock', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  const databaseNow = async () => {
    const { rows } = await database.pool.query<{ now: Instant }>('SELECT clock_timestamp() AS now');
    return rows[0]!.now;
  };

  it('shows the time of the database, within the round trip it was measured with', async () => {
    const clock = new DatabaseClock(database.pool);
    const started = performance.now();
    await clock.synchronise();
    const halfRoundTrip = ((performance.now() - started) * 1000) / 2;
    const before = await databaseNow();
    const shown = clock.now();
    const after = await databaseNow();
    expect(shown).toBeGreaterThanOrEqual(before - halfRoundTrip - 1);
    expect(shown).toBeLessThanOrEqual(after + halfRoundTrip + 1);
    expect(Number.isSafeInteger(shown)).toBe(true);
  });

  it('follows a database whose clock is far from the clock of this machine', async () => {
    const HOUR = 3_600_000_000;
    let offset = HOUR;
    const elsewhere = {
      query: async () => ({ rows: [{ now: (await databaseNow()) + offset }] }),
    } as unknown as Pool;
    const here = new DatabaseClock(database.pool);
    const there = new DatabaseClock(elsewhere);
    await Promise.all([here.synchronise(), there.synchronise()]);
    expect(there.now() - here.now()).toBeGreaterThan(HOUR / 2);
    offset = -HOUR;
    await there.synchronise();
    expect(here.now() - there.now()).toBeGreaterThan(HOUR / 2);
  });

  it('never goes back between synchronisations', async () => {
    const clock = new DatabaseClock(database.pool);
    await clock.synchronise();
    const shown = Array.from({ length: 1000 }, () => clock.now());
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
  });

  // A dispatcher that was stopped for 30 s in the middle was 15 s behind: it sent what others had claimed meanwhile.
  it('measures again when the process was stopped while it waited for the answer', async () => {
    const STOPPED_MS = 400;
    let asked = 0;
    const stopping = {
      query: async () => {
        const rows = [{ now: await databaseNow() }];
        asked += 1;
        if (asked === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, STOPPED_MS);
        return { rows };
      },
    } as unknown as Pool;
    const clock = new DatabaseClock(stopping);
    await clock.synchronise();
    const shown = clock.now();
    const after = await databaseNow();
    expect(asked).toBeGreaterThan(1);
    expect(after - shown).toBeLessThan((STOPPED_MS * 1000) / 4);
  });

  it('keeps the offset that it had when PostgreSQL is away', async () => {
    const away = { query: () => Promise.reject(new Error('away')) } as unknown as Pool;
    const clock = new DatabaseClock(away);
    await expect(clock.synchronise()).rejects.toThrow('away');
    expect(Number.isSafeInteger(clock.now())).toBe(true);
  });
});
