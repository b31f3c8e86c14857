import { listen, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { pause } from '@oms-webhooks/lifecycle';
import { eventually } from '../../../../tests/environment/target.ts';
import { FellowDispatchers } from './fellow-dispatchers.ts';

describe('Dispatchers of one database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(async () => {
    await database.close();
  });

  /** A dispatcher as far as it listens and counts; `said` has each count that it was told of. */
  function dispatcher() {
    const stopping = new AbortController();
    const said: unknown[] = [];
    const log = () => undefined;
    const fellows: FellowDispatchers = new FellowDispatchers({
      pool: database.pool,
      onChange: () => said.push(fellows.count),
      log: { debug: log, info: log, warn: log, error: log },
    });
    const ended = listen({
      url: database.url,
      applicationName: fellows.applicationName,
      signal: stopping.signal,
      channels: { oms_webhooks_due: () => undefined },
      pause,
    });
    const counts = (count: number) =>
      eventually(
        async () => {
          await fellows.read();
          return fellows.count === count;
        },
        { what: `${count} dispatchers` },
      );
    const stop = async () => {
      stopping.abort();
      await ended;
    };
    return { fellows, said, counts, stop };
  }

  it('count each other as they come, die and connect anew, and themselves always', async () => {
    const first = dispatcher();
    await first.fellows.read();
    expect(first.fellows.count).toBe(1);
    const second = dispatcher();
    const third = dispatcher();
    for (const each of [first, second, third]) await each.counts(3);
    await third.stop();
    await first.counts(2);

    // What kill -9 does to its connections.
    await database.pool.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [second.fellows.applicationName],
    );
    await second.fellows.read();
    expect(second.fellows.count).toBe(2);
    await first.counts(1);
    await first.counts(2);
    await second.stop();
    await first.counts(1);
    expect(first.said.at(-1)).toBe(1);
    await first.stop();
  });
});
