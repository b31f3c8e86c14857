import type { Database } from '../database.ts';
import { leasedEvent, openSpecDatabase } from '../testing/spec-database.ts';
import { keepPayload } from './keep-payload.ts';

describe('keepPayload', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  const payloadOf = async (id: number) => {
    const { rows } = await database.pool.query<{ payload: string | null }>(
      'SELECT payload FROM webhook_event WHERE id = $1',
      [id],
    );
    return rows[0]?.payload;
  };

  it('keeps the text of a looked-up resource, once', async () => {
    const event = await leasedEvent(database.pool, { payload: null });
    expect(await keepPayload(database.pool, event, '{"price":1.10,"a":1,"a":2}')).toBe(
      '{"price":1.10,"a":1,"a":2}',
    );
    // Whoever looks it up again is given what may have been sent already.
    expect(await keepPayload(database.pool, event, '{"price":2}')).toBe('{"price":1.10,"a":1,"a":2}');
    expect(await payloadOf(event.id)).toBe('{"price":1.10,"a":1,"a":2}');
  });

  it('keeps nothing for who no longer holds the lease', async () => {
    const event = await leasedEvent(database.pool, { payload: null });
    expect(await keepPayload(database.pool, { ...event, lease: event.lease - 1 }, '{}')).toBeUndefined();
    expect(await payloadOf(event.id)).toBeNull();
  });
});
