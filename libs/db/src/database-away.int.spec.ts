import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { isDatabaseAway, isTransient } from './database-away.ts';
import { openDatabase, type Database } from './database.ts';
import { openSpecDatabase } from './testing/spec-database.ts';

const errorOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => Promise.reject(new Error('nothing failed')),
    (error: unknown) => error,
  );

async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('isDatabaseAway', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  /** Ends the backend that runs `marked`, once it does. */
  async function terminate(marked: string) {
    for (let terminated = 0; terminated === 0;) {
      const { rowCount } = await database.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND query LIKE $1 AND pid <> pg_backend_pid()`,
        [`%${marked}%`],
      );
      terminated = rowCount ?? 0;
    }
  }

  it.each(['127.0.0.1', 'localhost'])('says so when nobody listens at %s', async (host) => {
    const url = `postgresql://postgres:postgres@${host}:${await closedPort()}/postgres`;
    expect(isDatabaseAway(await errorOf(new pg.Client({ connectionString: url }).connect()))).toBe(true);
    expect(isDatabaseAway(await errorOf(openDatabase({ url, applicationName: 'spec', poolSize: 1 })))).toBe(
      true,
    );
  });

  it('says so when the other end hangs up at once', async () => {
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const url = `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`;
    expect(isDatabaseAway(await errorOf(openDatabase({ url, applicationName: 'spec', poolSize: 1 })))).toBe(
      true,
    );
    await new Promise((resolve) => server.close(resolve));
  });

  it('says so when the server ends the session of a running statement (57P01)', async () => {
    const error = errorOf(database.pool.query('SELECT pg_sleep(60) AS by_pool'));
    await terminate('by_pool');
    expect(await error).toMatchObject({ code: '57P01' });
    expect(isDatabaseAway(await error)).toBe(true);
  });

  it('says so through TypeORM', async () => {
    // A pool of its own: TypeORM gives the dying connection back, and the pool may hand it out once more.
    const other = await openDatabase({ url: database.url, applicationName: 'spec', poolSize: 1 });
    const error = errorOf(other.orm.query('SELECT pg_sleep(60) AS by_orm'));
    await terminate('by_orm');
    expect(isDatabaseAway(await error)).toBe(true);
    await other.close();
  });

  it('says so when the connection in hand was ended before the statement', async () => {
    const client = new pg.Client({ connectionString: database.url });
    // Twice: what the server says, and that it hung up.
    const lost = new Promise<void>((resolve) => client.on('error', () => resolve()));
    await client.connect();
    await client.query('SELECT 1 AS in_hand');
    await terminate('in_hand');
    await lost;
    expect(isDatabaseAway(await errorOf(client.query('SELECT 1')))).toBe(true);
    await client.end();
  });

  it('says so when no connection may be made (53300)', async () => {
    const { rows } = await database.pool.query<{ name: string }>('SELECT current_database() AS name');
    const role = `${rows[0]?.name}_crowd`;
    await database.pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'x' CONNECTION LIMIT 0`);
    const url = new URL(database.url);
    [url.username, url.password] = [role, 'x'];
    const error = await errorOf(new pg.Client({ connectionString: url.href }).connect());
    await database.pool.query(`DROP ROLE ${role}`);
    expect(error).toMatchObject({ code: '53300' });
    expect(isDatabaseAway(error)).toBe(true);
  });

  it.each([
    ['a syntax error', 'SELEC 1'],
    ['a missing table', 'SELECT * FROM nowhere'],
    ['a violated constraint', `INSERT INTO token (account_id, key_hash) VALUES (99, 'x')`],
    [
      'a week without a partition',
      `INSERT INTO webhook_event (created_date, uuid, webhook_id, event_type, content_type, object_id)
       VALUES ('2001-01-01', gen_random_uuid(), 1, 'x', 1, '1')`,
    ],
    ['a statement that took too long', 'SET statement_timeout = 1; SELECT pg_sleep(60)'],
  ])('does not say so of %s', async (_, sql) => {
    const client = await database.pool.connect();
    const error = await errorOf(client.query(sql));
    client.release(true);
    expect(isDatabaseAway(error)).toBe(false);
    if (!sql.startsWith('SET')) expect(isDatabaseAway(await errorOf(database.orm.query(sql)))).toBe(false);
  });

  it.each([undefined, null, 'ECONNREFUSED', { code: 'ECONNREFUSED' }, new TypeError('x is not a function')])(
    'does not say so of %p',
    (error) => {
      expect(isDatabaseAway(error)).toBe(false);
    },
  );
});

describe('isTransient', () => {
  // A migration under load is the victim now and then; the services' statements are others.
  it('says so of whoever PostgreSQL ends for a deadlock, through TypeORM too, and that it is not away', async () => {
    const database = await openSpecDatabase();
    const first = await database.pool.connect();
    const second = database.orm.createQueryRunner();
    try {
      await first.query('CREATE TABLE one (); CREATE TABLE other ()');
      await first.query('BEGIN; LOCK TABLE one');
      await second.startTransaction();
      await second.query('LOCK TABLE other');
      const outcomes = await Promise.allSettled([
        first.query('LOCK TABLE other'),
        second.query('LOCK TABLE one'),
      ]);
      const errors = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [outcome.reason as Error] : [],
      );
      expect(errors.map((error) => [isTransient(error), isDatabaseAway(error)])).toEqual([[true, false]]);
      expect(isTransient(await errorOf(database.pool.query('SELECT no_such_column')))).toBe(false);
    } finally {
      await first.query('ROLLBACK').finally(() => first.release());
      if (second.isTransactionActive) await second.rollbackTransaction();
      await second.release();
      await database.close();
    }
  });
});
