import { createServer, connect, type Socket } from 'node:net';
import { migrate, openDatabase, whenDatabaseIsUp, type Database } from './database.ts';
import { webhookEventEntity } from './entities/webhook-event.ts';
import { insertWebhookEvents } from './sql/insert-webhook-events.ts';
import { newEvent, openSpecDatabase } from './testing/spec-database.ts';
import { createEmptyDatabase } from './testing/template-database.ts';

describe('the database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  it('reads ids as numbers and instants as microseconds, in statements and entities alike', async () => {
    const event = newEvent();
    const [inserted] = await insertWebhookEvents(database.pool, [event], 30);
    await database.pool.query(
      `UPDATE webhook_event SET request_datetimes = '{2023-10-12 10:07:35.200005+00,2023-10-12 10:07:35+00}' WHERE uuid = $1`,
      [event.uuid],
    );
    const row = await database.orm.getRepository(webhookEventEntity).findOneByOrFail({ uuid: event.uuid });
    expect(row).toMatchObject({
      id: inserted?.id,
      createdDate: inserted?.created_date,
      nextAttemptAt: inserted?.next_attempt_at,
      requestDatetimes: [1697105255200005, 1697105255000000],
      state: 'pending',
    });
    expect(typeof row.id).toBe('number');
  });

  it('speaks UTC and ISO whatever the server is set to', async () => {
    const { rows } = await database.pool.query(
      `SELECT current_setting('TimeZone') AS zone, current_setting('DateStyle') AS style,
              current_setting('application_name') AS name, '2023-10-12 13:07:35.2+03'::timestamptz AS instant`,
    );
    expect(rows).toEqual([
      {
        zone: 'UTC',
        style: expect.stringMatching(/^ISO/) as unknown,
        name: 'spec',
        instant: 1697105255200000,
      },
    ]);
  });

  it('replaces connections that the server has ended while they were idle', async () => {
    const other = await openDatabase({ url: database.url, applicationName: 'other', poolSize: 2 });
    await Promise.all([other.pool.query('SELECT pg_sleep(0.01)'), other.pool.query('SELECT pg_sleep(0.01)')]);
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'other'`,
    );
    while (other.pool.totalCount > 0) await new Promise((resolve) => setImmediate(resolve));
    expect((await other.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await other.close();
  });
});

describe('whenDatabaseIsUp', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  /** Stands for a PostgreSQL that is not up yet: hangs up until `up`, then forwards. */
  async function door(target: URL): Promise<{ url: string; up: () => void; shut: () => Promise<void> }> {
    let isUp = false;
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      if (!isUp) return void socket.destroy();
      const onward = connect(Number(target.port), target.hostname);
      for (const end of [socket, onward]) {
        sockets.add(end);
        end.on('error', () => undefined);
      }
      socket.pipe(onward).pipe(socket);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(target);
    url.port = String((server.address() as { port: number }).port);
    const shut = async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    };
    return { url: url.href, up: () => (isUp = true), shut };
  }

  it('waits, longer each time up to five seconds, until PostgreSQL is there', async () => {
    const { url, up, shut } = await door(new URL(database.url));
    const pauses: number[] = [];
    let away = 0;
    const opened = await whenDatabaseIsUp(() => openDatabase({ url, applicationName: 'spec', poolSize: 1 }), {
      signal: new AbortController().signal,
      log: { warn: () => (away += 1) },
      pause: (ms) => {
        if (pauses.push(ms) === 7) up();
        return Promise.resolve();
      },
    });
    expect(pauses).toEqual([250, 500, 1000, 2000, 4000, 5000, 5000]);
    expect(away).toBe(7);
    await opened.close();
    await shut();
  });

  it('waits for the migration of a database that is older than this version', async () => {
    const empty = await createEmptyDatabase();
    const opened = await openDatabase({ url: empty.url, applicationName: 'spec', poolSize: 1 });
    const said: string[] = [];
    await whenDatabaseIsUp(() => opened.pool.query('SELECT FROM webhook'), {
      signal: new AbortController().signal,
      log: { warn: (message) => said.push(message) },
      pause: async () => void (await migrate(empty.url)),
    });
    expect(said).toEqual(['waiting for the migration of PostgreSQL']);
    await opened.close();
    await empty.drop();
  });

  it('begins anew when PostgreSQL goes away in the middle of a start', async () => {
    const done: string[] = [];
    const work = async () => {
      const { rows } = await database.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      done.push('first');
      // The session ends under the statement, as when the server does.
      if (done.length === 1) await database.pool.query(`SELECT pg_terminate_backend(pg_backend_pid())`);
      return done.push('second') && rows[0]?.pid;
    };
    const waiting = {
      signal: new AbortController().signal,
      log: { warn: () => done.push('away') },
      pause: () => Promise.resolve(),
    };
    expect(await whenDatabaseIsUp(work, waiting)).toEqual(expect.any(Number));
    expect(done).toEqual(['first', 'away', 'first', 'second']);
  });

  it('stops waiting when it is told to', async () => {
    const { url, shut } = await door(new URL(database.url));
    const controller = new AbortController();
    const opening = whenDatabaseIsUp(() => openDatabase({ url, applicationName: 'spec', poolSize: 1 }), {
      signal: controller.signal,
      log: { warn: () => undefined },
      pause: () => Promise.resolve(controller.abort()),
    });
    await expect(opening).rejects.toThrow();
    await shut();
  });

  it('does not wait for a PostgreSQL that refuses it', async () => {
    const url = new URL(database.url);
    url.pathname = '/no_such_database';
    const opening = whenDatabaseIsUp(
      () => openDatabase({ url: url.href, applicationName: 'spec', poolSize: 1 }),
      {
        signal: new AbortController().signal,
        log: { warn: () => undefined },
        pause: () => Promise.reject(new Error('it waited')),
      },
    );
    await expect(opening).rejects.toMatchObject({ code: '3D000' });
  });
});
