import type { Database } from '../database.ts';
import { leasedEvent, openSpecDatabase } from '../testing/spec-database.ts';
import { cancelEvents } from './cancel-events.ts';

describe('cancelEvents', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  it('ends leased events with a reason, and leaves those alone whose lease was lost', async () => {
    const held = await leasedEvent(database.pool);
    const lost = await leasedEvent(database.pool);
    await cancelEvents(
      database.pool,
      [held, { ...lost, lease: lost.lease - 1 }],
      'Its webhook was deactivated.',
    );
    await cancelEvents(database.pool, [], 'nothing');
    const { rows } = await database.pool.query(
      'SELECT state, next_attempt_at, last_error FROM webhook_event ORDER BY id',
    );
    expect(rows).toEqual([
      { state: 'cancelled', next_attempt_at: null, last_error: 'Its webhook was deactivated.' },
      { state: 'pending', next_attempt_at: lost.lease, last_error: null },
    ]);
  });
});
