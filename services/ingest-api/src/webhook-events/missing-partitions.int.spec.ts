import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { EventIntake } from './event-intake.ts';

describe('Publishing in a week that has no partition', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(async () => {
    await database.close();
  });

  // It was a 500 until somebody migrated: after two months without a dispatcher, or when the database's clock was set.
  it('creates it and takes the event', async () => {
    const { rows } = await database.pool.query<{ name: string }>(
      `SELECT inhrelid::regclass AS name FROM pg_inherits WHERE inhparent = 'webhook_event'::regclass`,
    );
    await database.pool.query(`DROP TABLE ${rows.map(({ name }) => name).join(',')}`);
    const intake = new EventIntake({
      pool: database.pool,
      road: { carries: () => false, take: () => Promise.resolve() },
      leaseSeconds: 30,
    });
    const event = {
      webhookId: 1,
      eventType: 'package.created',
      contentType: 4,
      objectId: '8812',
      payload: '{}',
      lookupPath: null,
      traceparent: null,
      ordered: false,
    };
    const key = { accountId: 1, key: 'k', requestHash: Buffer.from('h') };
    const [plain, keyed] = await Promise.all([intake.publish(event, null), intake.publish(event, key)]);
    const stored = await database.pool.query<{ uuid: string }>('SELECT uuid FROM webhook_event ORDER BY id');
    expect(stored.rows.map(({ uuid }) => uuid).sort()).toEqual([plain, keyed].sort());
    // The first try left no trace: its idempotency key went with it.
    expect(await intake.publish(event, key)).toBe(keyed);
  });
});
