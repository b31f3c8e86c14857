import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { openSpecDatabase } from '../testing/spec-database.ts';
import type { Database } from '../database.ts';
import { claimDueEvents } from './claim-due-events.ts';
import { insertTestEvent } from './insert-test-event.ts';
import { withdrawEvent } from './withdraw-event.ts';

describe('a test event', () => {
  let database: Database;
  let pool: Pool;
  beforeAll(async () => {
    database = await openSpecDatabase();
    pool = database.pool;
  });
  afterAll(() => database.close());
  beforeEach(() => pool.query('DELETE FROM webhook_event'));

  const test = () =>
    insertTestEvent(pool, {
      uuid: randomUUID(),
      webhookId: 7,
      eventType: 'package.created',
      payload: '{"test":true}',
    });
  const stateOf = async ({ id }: { id: number }) => {
    const { rows } = await pool.query<object>(
      'SELECT state, last_error, next_attempt_at FROM webhook_event WHERE id = $1',
      [id],
    );
    return rows[0];
  };

  it('is due at once, by resend, with one attempt', async () => {
    const { id, createdDate } = await test();
    expect(await claimDueEvents(pool, [{ webhookId: 7, room: 5 }], 30)).toEqual([
      expect.objectContaining({
        id,
        createdDate,
        attemptLimit: 1,
        cause: 'resend',
        payload: '{"test":true}',
        contentType: 0,
        objectId: '7',
      }),
    ]);
  });

  it('can be withdrawn while nobody has it, and not once it is being sent', async () => {
    const waiting = await test();
    expect(await withdrawEvent(pool, waiting, 'Nobody came.')).toBe(true);
    expect(await stateOf(waiting)).toEqual({
      state: 'cancelled',
      last_error: 'Nobody came.',
      next_attempt_at: null,
    });
    const taken = await test();
    await claimDueEvents(pool, [{ webhookId: 7, room: 5 }], 30);
    expect(await withdrawEvent(pool, taken, 'Nobody came.')).toBe(false);
    expect(await stateOf(taken)).toMatchObject({ state: 'pending' });
  });
});
