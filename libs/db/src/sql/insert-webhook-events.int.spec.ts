import { createHash, randomUUID } from 'node:crypto';
import type { Database } from '../database.ts';
import { newEvent, openSpecDatabase } from '../testing/spec-database.ts';
import { findIdempotencyKey } from './find-idempotency-key.ts';
import { insertWebhookEvents } from './insert-webhook-events.ts';

const hash = (text: string) => createHash('sha256').update(text).digest();

describe('insertWebhookEvents', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  const eventsWithKey = async (uuids: string[]) => {
    const { rows } = await database.pool.query('SELECT uuid FROM webhook_event WHERE uuid = ANY ($1)', [
      uuids,
    ]);
    return rows.length;
  };

  it('inserts a batch as pending events with rising ids', async () => {
    const events = [newEvent(), newEvent({ webhookId: 2, payload: null, traceparent: '00-a-b-01' })];
    const inserted = await insertWebhookEvents(database.pool, events, 30);
    expect(inserted.map(({ uuid }) => uuid).sort()).toEqual(events.map(({ uuid }) => uuid).sort());
    expect(inserted.every(({ id }) => Number.isSafeInteger(id))).toBe(true);
    const [later] = await insertWebhookEvents(database.pool, [newEvent()], 30);
    expect(later?.id).toBeGreaterThan(Math.max(...inserted.map(({ id }) => id)));

    const { rows } = await database.pool.query(
      `SELECT webhook_id, event_type, content_type, object_id, payload, traceparent, state, attempts, attempt_cause,
              request_datetimes, response_http_status, response_content, last_error
         FROM webhook_event WHERE uuid = $1`,
      [events[1]?.uuid],
    );
    expect(rows).toEqual([
      {
        webhook_id: 2,
        event_type: 'package.created',
        content_type: 4,
        object_id: '8812',
        payload: null,
        traceparent: '00-a-b-01',
        state: 'pending',
        attempts: 0,
        attempt_cause: 'countdown',
        request_datetimes: [],
        response_http_status: null,
        response_content: null,
        last_error: null,
      },
    ]);
  });

  it('leases for the seconds that it is told, to the microsecond', async () => {
    for (const seconds of [0, 30, 12.345678]) {
      const [row] = await insertWebhookEvents(database.pool, [newEvent()], seconds);
      expect((row?.next_attempt_at ?? 0) - (row?.created_date ?? 0)).toBe(Math.round(seconds * 1e6));
    }
  });

  it('makes events due at once without a lease', async () => {
    const event = newEvent();
    await insertWebhookEvents(database.pool, [event], 0);
    const { rows } = await database.pool.query(
      'SELECT next_attempt_at <= now() AS due FROM webhook_event WHERE uuid = $1',
      [event.uuid],
    );
    expect(rows).toEqual([{ due: true }]);
  });

  it('tells the dispatchers of what is due at once, by the commit itself, and of nothing else', async () => {
    const client = await database.pool.connect();
    const notices: string[] = [];
    client.on('notification', ({ payload }) => notices.push(payload ?? ''));
    await client.query('LISTEN oms_webhooks_due');
    const told = async () => {
      await client.query('SELECT 1');
      return notices.splice(0);
    };
    const events = [1, 2, 1].map((webhookId) => newEvent({ webhookId }));
    await insertWebhookEvents(database.pool, events, 0);
    expect(await told()).toEqual(['1,2']);
    await insertWebhookEvents(database.pool, [newEvent(), newEvent({ webhookId: 2, ordered: true })], 30);
    expect(await told()).toEqual(['2']);
    await insertWebhookEvents(database.pool, [newEvent()], 30);
    expect(await told()).toEqual([]);
    const refused = insertWebhookEvents(database.pool, [newEvent(), newEvent({ objectId: '\0' })], 0);
    await expect(refused).rejects.toThrow();
    expect(await told()).toEqual([]);
    client.release(true);
  });

  it.each([
    ['numbers', '{"price":1.10,"big":1152921504606846977,"zero":-0.0,"tiny":1E-400}'],
    ['duplicate keys and their order', '{"b":1,"a":2,"a":3,"10":4,"9":5}'],
    ['escapes and white space', String.raw`{ "a" :` + '\n\t' + String.raw`"\u0000\ud83d\/\\" }`],
    ['every plane of Unicode', '{"ş":"🚀\u2028é"}'],
    ['what SQL arrays use as syntax', '{"a":"{NULL,\\"x\\"}","b":"NULL","c":"\\\\"}'],
    ['a lone NULL', 'NULL'],
    ['two hundred levels', '['.repeat(200) + ']'.repeat(200)],
  ])('keeps %s in a payload byte for byte', async (_, payload) => {
    const event = newEvent({ payload, objectId: '"{a,b}",NULL\\' });
    await insertWebhookEvents(database.pool, [event], 0);
    const { rows } = await database.pool.query(
      'SELECT payload, object_id FROM webhook_event WHERE uuid = $1',
      [event.uuid],
    );
    expect(rows).toEqual([{ payload, object_id: event.objectId }]);
  });

  it('gives each event its own payload, whichever it shares with its neighbours', async () => {
    const payloads = ['{"a":1}', '{"a":1}', null, '{"a":1}', '{"b":2}', '{"b":2}', ''];
    const events = payloads.map((payload, n) =>
      newEvent({ payload, objectId: String(n), contentType: n === 0 ? null : n, lookupPath: `/${n}` }),
    );
    await insertWebhookEvents(database.pool, events, 0);
    const { rows } = await database.pool.query(
      'SELECT payload, object_id, content_type, lookup_path FROM webhook_event WHERE uuid = ANY ($1) ORDER BY object_id',
      [events.map(({ uuid }) => uuid)],
    );
    expect(rows).toEqual(
      payloads.map((payload, n) => ({
        payload,
        object_id: String(n),
        content_type: n === 0 ? null : n,
        lookup_path: `/${n}`,
      })),
    );
  });

  describe('with an idempotency key', () => {
    const keyed = (key: string, request = 'request', accountId = 1) =>
      newEvent({ idempotency: { accountId, key, requestHash: hash(request), answer: null } });

    it('leaves out an event whose key is taken, and only that one', async () => {
      const first = keyed('order-1');
      await insertWebhookEvents(database.pool, [first], 30);
      const other = newEvent();
      const inserted = await insertWebhookEvents(
        database.pool,
        [keyed('order-1', 'another request'), other],
        30,
      );
      expect(inserted.map(({ uuid }) => uuid)).toEqual([other.uuid]);
      expect(await findIdempotencyKey(database.pool, 1, 'order-1')).toEqual({
        requestHash: hash('request'),
        eventUuid: first.uuid,
        answer: null,
      });
      expect(await findIdempotencyKey(database.pool, 1, 'order-2')).toBeUndefined();
    });

    it('keeps the keys of accounts apart', async () => {
      const inserted = await insertWebhookEvents(
        database.pool,
        [keyed('order-3', 'request', 1), keyed('order-3', 'request', 2)],
        30,
      );
      expect(inserted).toHaveLength(2);
    });

    it('takes a key over that is older than a day', async () => {
      const [first, second, third] = [keyed('order-4'), keyed('order-4', 'tomorrow'), keyed('order-4')];
      const age = (interval: string) =>
        database.pool.query(
          `UPDATE idempotency_key SET created_date = now() - $1::interval WHERE key = 'order-4'`,
          [interval],
        );
      await insertWebhookEvents(database.pool, [first], 30);
      await age('23 hours 59 minutes');
      expect(await insertWebhookEvents(database.pool, [second], 30)).toEqual([]);
      await age('24 hours 1 second');
      expect(await insertWebhookEvents(database.pool, [second], 30)).toHaveLength(1);
      expect(await findIdempotencyKey(database.pool, 1, 'order-4')).toEqual({
        requestHash: hash('tomorrow'),
        eventUuid: second.uuid,
        answer: null,
      });
      expect(await insertWebhookEvents(database.pool, [third], 30)).toEqual([]);
    });

    it('makes one event of the same key published many times at once', async () => {
      const events = Array.from({ length: 24 }, () => keyed('order-5'));
      const inserted = await Promise.all(
        events.map((event) => insertWebhookEvents(database.pool, [event], 30)),
      );
      expect(inserted.flat()).toHaveLength(1);
      expect(await eventsWithKey(events.map(({ uuid }) => uuid))).toBe(1);
      expect((await findIdempotencyKey(database.pool, 1, 'order-5'))?.eventUuid).toBe(
        inserted.flat()[0]?.uuid,
      );
    });

    it('does not deadlock when batches bring the same keys in different order', async () => {
      const keys = Array.from({ length: 50 }, () => randomUUID());
      const batches = Array.from({ length: 8 }, (_, batch) =>
        (batch % 2 === 0 ? keys : keys.toReversed()).map((key) => keyed(key)),
      );
      const inserted = await Promise.all(
        batches.map((batch) => insertWebhookEvents(database.pool, batch, 30)),
      );
      expect(inserted.flat()).toHaveLength(50);
    });

    it('inserts the events of one publication, which share a key, all or none', async () => {
      const publication = (answer: string) => {
        const idempotency = { accountId: 1, key: 'order-7', requestHash: hash(answer), answer };
        return [newEvent({ idempotency }), newEvent({ webhookId: 2, idempotency })];
      };
      expect(await insertWebhookEvents(database.pool, publication('first'), 30)).toHaveLength(2);
      expect(
        await insertWebhookEvents(database.pool, [...publication('again'), newEvent()], 30),
      ).toHaveLength(1);
      expect(await findIdempotencyKey(database.pool, 1, 'order-7')).toEqual({
        requestHash: hash('first'),
        eventUuid: null,
        answer: 'first',
      });
    });

    it('keeps the key of a publication that nobody hears', async () => {
      const key = { accountId: 1, key: 'order-8', requestHash: hash('alone'), answer: '[]' };
      expect(await insertWebhookEvents(database.pool, [], 30, [key])).toEqual([]);
      const later = newEvent({ idempotency: { ...key, answer: '[1]' } });
      expect(await insertWebhookEvents(database.pool, [later], 30)).toEqual([]);
      expect(await findIdempotencyKey(database.pool, 1, 'order-8')).toMatchObject({ answer: '[]' });
    });

    it('refuses the same key twice in one statement, so that the caller must send repetitions after it', async () => {
      const events = [keyed('order-6'), keyed('order-6')];
      await expect(insertWebhookEvents(database.pool, events, 30)).rejects.toMatchObject({ code: '21000' });
      expect(await eventsWithKey(events.map(({ uuid }) => uuid))).toBe(0);
    });
  });
});
