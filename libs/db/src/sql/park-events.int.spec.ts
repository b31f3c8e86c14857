import type { Database } from '../database.ts';
import { leasedEvent, openSpecDatabase } from '../testing/spec-database.ts';
import { parkEvents } from './park-events.ts';

describe('parkEvents', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  const row = async (id: number) => {
    const { rows } = await database.pool.query<{
      next_attempt_at: number;
      state: string;
      attempts: number;
      due: boolean;
    }>(
      'SELECT next_attempt_at, state, attempts, next_attempt_at <= now() AS due FROM webhook_event WHERE id = $1',
      [id],
    );
    return rows[0];
  };

  it('gives events back, due at once or at an instant, and counts no attempt', async () => {
    const now = await leasedEvent(database.pool, { webhookId: 1 });
    const later = await leasedEvent(database.pool, { webhookId: 1 });
    await parkEvents(database.pool, [now], null);
    await parkEvents(database.pool, [later], later.lease + 1);
    await parkEvents(database.pool, [], null);
    expect(await row(now.id)).toMatchObject({ due: true, state: 'pending', attempts: 0 });
    expect(await row(later.id)).toMatchObject({
      next_attempt_at: later.lease + 1,
      state: 'pending',
      attempts: 0,
    });
  });

  it('leaves an event alone whose lease is another by now', async () => {
    const held = await leasedEvent(database.pool, { webhookId: 2 });
    const lost = await leasedEvent(database.pool, { webhookId: 2 });
    await parkEvents(database.pool, [held, { ...lost, lease: lost.lease - 1 }], held.lease + 5);
    expect((await row(held.id))?.next_attempt_at).toBe(held.lease + 5);
    expect((await row(lost.id))?.next_attempt_at).toBe(lost.lease);
  });
});
