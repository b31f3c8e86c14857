import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import { EventIntake } from './event-intake.ts';
import { IdempotencyConflict, requestHash, type EventToPublish } from './publication.ts';

describe('EventIntake', () => {
  let database: Database;
  let intake: EventIntake;
  let dispatched: DispatchedEvent[];

  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  beforeEach(async () => {
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM idempotency_key');
    dispatched = [];
    intake = new EventIntake({
      pool: database.pool,
      road: {
        carries: () => true,
        take: (events) => Promise.resolve(void dispatched.push(...events)),
      },
      leaseSeconds: 30,
    });
  });
  afterEach(() => intake.drained());
  afterAll(async () => {
    await database.close();
  });

  const event = (webhookId: number, more: Partial<EventToPublish> = {}): EventToPublish => ({
    webhookId,
    eventType: 'package.created',
    contentType: 4,
    objectId: '8812',
    payload: '{"id":8812}',
    lookupPath: null,
    traceparent: null,
    ordered: false,
    ...more,
  });
  const keyed = (key: string, body = 'body') => ({ accountId: 1, key, requestHash: requestHash(body) });
  const stored = async () => {
    const { rows } = await database.pool.query<{ uuid: string; webhookId: number }>(
      'SELECT uuid, webhook_id AS "webhookId" FROM webhook_event ORDER BY id',
    );
    return rows;
  };

  it('publishes one thing to many webhooks at once, and tells the dispatchers of each', async () => {
    const published = await intake.publishAll([event(1), event(2), event(3, { payload: null })], null);
    expect(await stored()).toEqual(published);
    expect(dispatched.map(({ uuid, webhookId }) => ({ uuid, webhookId }))).toEqual(published);
  });

  it('inserts all events of a publication or none, and the others of its batch all the same', async () => {
    const [whole, torn, keyedWhole, single] = await Promise.allSettled([
      intake.publishAll([event(1), event(2)], null),
      intake.publishAll([event(3), event(4, { payload: '"\0"' })], keyed('torn')),
      intake.publishAll([event(5), event(6)], keyed('whole')),
      intake.publish(event(7), null),
    ]);
    expect([whole, torn, keyedWhole, single].map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'fulfilled',
    ]);
    const webhooks = [1, 2, 5, 6, 7];
    expect((await stored()).map(({ webhookId }) => webhookId).sort()).toEqual(webhooks);
    expect(dispatched.map(({ webhookId }) => webhookId).sort()).toEqual(webhooks);
    // What was refused left no key behind.
    expect(await intake.publishAll([event(3)], keyed('torn'))).toHaveLength(1);
  });

  it.each([0, 1, 5])(
    'answers a key that reached %d webhooks the same again, whoever would hear it now',
    async (count) => {
      const events = Array.from({ length: count }, (_, n) => event(n + 1));
      const first = await intake.publishAll(events, keyed('k'));
      expect(first.map(({ webhookId }) => webhookId)).toEqual(events.map(({ webhookId }) => webhookId));
      expect(await intake.publishAll([event(8), event(9)], keyed('k'))).toEqual(first);
      await expect(intake.publishAll(events, keyed('k', 'another body'))).rejects.toThrow(
        IdempotencyConflict,
      );
      expect(await stored()).toEqual(first);
    },
  );

  it('is one publication when the same key comes many times at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 40 }, () => intake.publishAll([event(1), event(2)], keyed('once'))),
    );
    expect(await stored()).toEqual(all[0]);
    expect(new Set(all.map((events) => JSON.stringify(events))).size).toBe(1);
  });

  it('takes the second of a key when the first is refused', async () => {
    const [refused, taken] = await Promise.allSettled([
      intake.publishAll([event(1, { payload: '"\0"' })], keyed('again')),
      intake.publishAll([event(1)], keyed('again')),
    ]);
    expect(refused.status).toBe('rejected');
    expect(taken).toEqual({ status: 'fulfilled', value: await stored() });
  });

  it('takes what is larger than a batch', async () => {
    const payload = `"${'x'.repeat(1024 * 1024)}"`;
    await Promise.all([
      intake.publishAll(
        Array.from({ length: 3000 }, (_, n) => event(n + 1)),
        null,
      ),
      ...Array.from({ length: 9 }, () => intake.publish(event(1, { payload }), null)),
    ]);
    expect(await stored()).toHaveLength(3009);
  });
});
