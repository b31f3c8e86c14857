import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { forgetAuditEntries } from './forget-audit-entries.ts';

describe('forgetAuditEntries', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  it('removes entries older than a year, a thousand at a time', async () => {
    const entries = (howMany: number, age: string) =>
      database.pool.query(
        `INSERT INTO audit_entry (created_date, account, action, object_type, object_id, owner_id, changes)
         SELECT now() - $2::text::interval, 'shop', 'update', 'webhook', $2::text, 1, '{}' FROM generate_series(1, $1)`,
        [howMany, age],
      );
    await entries(1500, '1 year 1 minute');
    await entries(2, '11 months');
    expect(await forgetAuditEntries(database.pool)).toBe(true);
    expect(await forgetAuditEntries(database.pool)).toBe(false);
    const { rows } = await database.pool.query(
      'SELECT DISTINCT object_id, count(*) FROM audit_entry GROUP BY 1',
    );
    expect(rows).toEqual([{ object_id: '11 months', count: 2 }]);
    expect(await forgetAuditEntries(database.pool)).toBe(false);
  });
});
