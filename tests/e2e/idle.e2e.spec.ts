import { eventually, startTarget } from '../environment/target.ts';
import { startSystem } from './system.ts';

/** Of both processes together. */
const MOST_A_SECOND = 10;

describe('An idle system', () => {
  it('asks the database less than five times a second and process', async () => {
    const [system, target] = await Promise.all([
      startSystem({ ...(process.env['KAFKA_BROKERS'] && { brokers: process.env['KAFKA_BROKERS'] }) }),
      startTarget(),
    ]);
    const { pool } = system.database;
    /** Statements outside transactions count as transactions of their own. */
    const transactions = async () => {
      const { rows } = await pool.query<{ n: number; at: number }>(
        `SELECT (xact_commit + xact_rollback)::int AS n, extract(epoch FROM clock_timestamp())::float8 AS at
           FROM pg_stat_database WHERE datname = current_database()`,
      );
      return rows[0] ?? { n: 0, at: 0 };
    };
    /** Transactions a second over a while, without our own questions. */
    const rate = async (seconds: number) => {
      const first = await transactions();
      let asked = 0;
      const last = await eventually(
        async () => {
          const now = await transactions();
          asked += 1;
          return now.at - first.at > seconds ? now : undefined;
        },
        { everyMs: 250 },
      );
      return (last.n - first.n - asked) / (last.at - first.at);
    };
    try {
      const hooks = await Promise.all(
        Array.from({ length: 5 }, (_, n) => system.api.createHook(`${target.url}/${n}`)),
      );
      for (const { id } of hooks) await system.api.publish(id, { pk: 1, data: {} });
      await eventually(() => target.received.length === hooks.length);
      // What was busy shows in the counters for a second or two; a system that polls never gets there.
      await eventually(async () => (await rate(2)) < MOST_A_SECOND, {
        what: 'falling silent',
        withinMs: 60_000,
      });
    } finally {
      await system.close();
      await target.close();
    }
  }, 120_000);
});
