import { migrate, openDatabase } from '../database.ts';
import { createTestDatabase } from '../testing/template-database.ts';
import { migrations } from './index.ts';

describe('the migrations', () => {
  let url: string;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    ({ url, drop } = await createTestDatabase());
  });
  afterEach(() => drop());

  async function withDatabase<Result>(
    work: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<Result>,
  ): Promise<Result> {
    const database = await openDatabase({ url, applicationName: 'spec', poolSize: 2 });
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }
  /** Every object that a migration may leave behind, partitions aside. */
  const objects = () =>
    withDatabase(async ({ pool }) => {
      const { rows } = await pool.query<{ name: string }>(
        `SELECT relkind::text || ' ' || relname AS name FROM pg_class
          WHERE relnamespace = 'public'::regnamespace AND NOT relispartition AND relname NOT LIKE 'schema_migration%' AND relname NOT LIKE 'PK%'
         UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
         ORDER BY 1`,
      );
      return rows.map(({ name }) => name);
    });
  const empty = () =>
    withDatabase(({ pool }) => pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));

  it('do nothing to a database that is up to date', async () => {
    expect(await migrate(url)).toEqual([]);
    expect(await objects()).toContain('p webhook_event');
  });

  it('go all the way down and up again', async () => {
    const before = await objects();
    await withDatabase(async ({ orm }) => {
      for (let undone = 0; undone < migrations.length; undone += 1) await orm.undoLastMigration();
    });
    expect(await objects()).toEqual([]);
    expect(await migrate(url)).toEqual(migrations.map(({ name }) => name));
    expect(await objects()).toEqual(before);
  });

  it('run once when several processes start at the same moment', async () => {
    await empty();
    const done = await Promise.all([migrate(url), migrate(url), migrate(url)]);
    expect(done.flat()).toEqual(migrations.map(({ name }) => name));
    expect(await objects()).toContain('p webhook_event');
  });
});
