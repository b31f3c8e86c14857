import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { eventually } from '../../../../tests/environment/target.ts';
import { runDispatcher } from '../testing/run-dispatcher.ts';

describe('The retention of a dispatcher', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(async () => {
    await database.close();
  });

  it('drops weeks older than RETENTION_DAYS, a line each, old idempotency keys and audit entries, of which it says nothing', async () => {
    await database.pool.query(`
      CREATE TABLE webhook_event_20200106 PARTITION OF webhook_event FOR VALUES FROM ('2020-01-06') TO ('2020-01-13');
      INSERT INTO webhook_event (created_date, uuid, webhook_id, event_type, content_type, object_id, state)
      VALUES ('2020-01-07', gen_random_uuid(), 1, 'package.created', 4, '1', 'delivered');
      INSERT INTO idempotency_key (account_id, key, request_hash, event_uuid, created_date)
      VALUES (1, 'old', '', gen_random_uuid(), now() - interval '2 days');
      INSERT INTO audit_entry (created_date, account, action, object_type, object_id, owner_id, changes)
      VALUES (now() - interval '2 years', 'shop', 'update', 'webhook', 1, 1, '{}')`);
    const patient = await runDispatcher({ DATABASE_URL: database.url, RETENTION_DAYS: '36500' });
    await eventually(async () => {
      const { rowCount } = await database.pool.query(
        'SELECT FROM idempotency_key UNION ALL SELECT FROM audit_entry',
      );
      return rowCount === 0;
    });
    await patient.stop();
    expect((await database.pool.query('SELECT FROM webhook_event')).rowCount).toBe(1);

    const dispatcher = await runDispatcher({ DATABASE_URL: database.url });
    const line = await eventually(() =>
      dispatcher.lines.find(({ message }) => message.startsWith('a week past')),
    );
    await dispatcher.stop();
    expect(line).toMatchObject({
      level: 'info',
      partition: 'webhook_event_20200106',
      unfinished_events_kept: 0,
    });
    expect((await database.pool.query('SELECT FROM webhook_event')).rowCount).toBe(0);
  });
});
