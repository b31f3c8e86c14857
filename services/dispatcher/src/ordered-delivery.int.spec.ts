import {
  accountEntity,
  insertWebhookEvents,
  notifyDue,
  resendEvent,
  webhookEntity,
  webhookEventEntity,
  type Database,
  type WebhookRow,
} from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { WebhookConfig } from '@oms-webhooks/domain';
import { randomUUID } from 'node:crypto';
import { eventually, startTarget, type Target } from '../../../tests/environment/target.ts';
import { runDispatcher, type RunningDispatcher } from './testing/run-dispatcher.ts';

interface Sent {
  object: string;
  number: number;
}

describe('Ordered delivery', () => {
  let database: Database;
  let dispatchers: RunningDispatcher[] = [];
  let target: Target;
  let accountId: number;
  const environment = () => ({ DATABASE_URL: database.url, DELIVERY_TIMEOUT_MS: '1000' });

  beforeAll(async () => {
    database = await openSpecDatabase();
    accountId = (await database.orm.getRepository(accountEntity).save({ name: 'spec' })).id;
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(async () => {
    target = await startTarget();
    dispatchers = [await runDispatcher(environment())];
  });
  afterEach(async () => {
    for (const dispatcher of dispatchers) await dispatcher.stop();
    await target.close();
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook');
  });

  const webhook = (config: WebhookConfig = {}): Promise<WebhookRow> =>
    database.orm.getRepository(webhookEntity).save({
      accountId,
      targetUrl: `${target.url}/hook`,
      eventType: 'package.created',
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 0 } },
      additionalHeaders: {},
      config: { ordered: true, ...config },
    });

  const publish = async (
    hook: WebhookRow,
    sent: Sent[],
    contentType: number | null = 4,
  ): Promise<string[]> => {
    const events = sent.map((payload) => ({
      uuid: randomUUID(),
      webhookId: hook.id,
      eventType: hook.eventType,
      contentType,
      objectId: payload.object,
      payload: JSON.stringify(payload),
      lookupPath: null,
      traceparent: null,
      ordered: true,
      idempotency: null,
    }));
    for (const event of events) await insertWebhookEvents(database.pool, [event], 30);
    await notifyDue(database.pool, [hook.id]);
    return events.map(({ uuid }) => uuid);
  };

  const received = (): Sent[] =>
    target.received.map(({ body }) => (JSON.parse(body) as { payload: Sent }).payload);
  const allDelivered = () =>
    eventually(
      async () =>
        (await database.orm.getRepository(webhookEventEntity).countBy({ state: 'delivered' })) ===
        (await database.orm.getRepository(webhookEventEntity).count()),
      { withinMs: 25_000, what: 'delivery of everything' },
    );
  const series = (objects: string[], length: number): Sent[] =>
    Array.from({ length }, (_, number) => objects.map((object) => ({ object, number }))).flat();

  /**
   * Answers late, and to the first two requests for one in `failEvery` of an object's events with 500; notes when two
   * requests of one object overlap. Not to every n-th request: objects take turns, and one may meet it each time.
   */
  function unsteadyTarget(failEvery: number) {
    const busy = new Set<string>();
    const failed: Record<string, number> = {};
    const overlaps: Sent[] = [];
    const delivered: Sent[] = [];
    target.answer((response, { body }) => {
      const { payload } = JSON.parse(body) as { payload: Sent };
      if (busy.has(payload.object)) overlaps.push(payload);
      busy.add(payload.object);
      setTimeout(() => {
        busy.delete(payload.object);
        const failures = (failed[body] ??= 0);
        const fails = payload.number % failEvery === failEvery - 1 && failures < 2;
        if (fails) failed[body] = failures + 1;
        else delivered.push(payload);
        response.writeHead(fails ? 500 : 200).end();
      }, 5);
    });
    return { overlaps, delivered };
  }

  it('keeps the order of each object through failures, with two dispatchers, one request at a time', async () => {
    dispatchers.push(await runDispatcher(environment()));
    const { overlaps, delivered } = unsteadyTarget(4);
    await publish(await webhook(), series(['a', 'b', 'c', 'd'], 25));
    await allDelivered();
    expect(overlaps).toEqual([]);
    for (const object of ['a', 'b', 'c', 'd']) {
      const numbers = delivered.filter((sent) => sent.object === object).map(({ number }) => number);
      expect(numbers).toEqual(Array.from({ length: 25 }, (_, number) => number));
    }
  });

  it('keeps it as well for events that are about no content type', async () => {
    const { overlaps, delivered } = unsteadyTarget(4);
    await publish(await webhook(), series(['a', 'b'], 10), null);
    await allDelivered();
    expect(overlaps).toEqual([]);
    for (const object of ['a', 'b']) {
      const numbers = delivered.filter((sent) => sent.object === object).map(({ number }) => number);
      expect(numbers).toEqual(Array.from({ length: 10 }, (_, number) => number));
    }
  });

  it('lets other objects go on while the head of one is failing', async () => {
    const hook = await webhook();
    await database.orm
      .getRepository(webhookEntity)
      .update({ id: hook.id }, { retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 3600 } } });
    target.answer((response, { body }) => {
      response.writeHead(body.includes('"object":"sick"') ? 500 : 200).end();
    });
    await publish(hook, [...series(['sick'], 20), ...series(['well'], 20)]);
    await eventually(() => received().filter(({ object }) => object === 'well').length === 20);
    expect(received().filter(({ object }) => object === 'sick')).toEqual([{ object: 'sick', number: 0 }]);
  });

  it('goes on with the next event when the head is exhausted, by default', async () => {
    target.answer(
      (response, { body }) => void response.writeHead(body.includes('"number":0') ? 500 : 200).end(),
    );
    await publish(await webhook({ max_attempts: 2, recovery_attempts: 0 }), series(['a'], 3));
    await eventually(() => received().length === 4);
    expect(received().map(({ number }) => number)).toEqual([0, 0, 1, 2]);
  });

  it('waits behind an exhausted head when on_exhausted is "block", until it is resent', async () => {
    target.answer((response) => void response.writeHead(500).end());
    const hook = await webhook({ max_attempts: 1, recovery_attempts: 0, on_exhausted: 'block' });
    const [first] = await publish(hook, series(['a'], 3));
    await eventually(() =>
      database.orm.getRepository(webhookEventEntity).existsBy({ uuid: first ?? '', state: 'exhausted' }),
    );
    // The follower has been looked at and put off, not sent.
    await eventually(async () => {
      const { rows } = await database.pool.query<{ waiting: number }>(
        `SELECT count(*) AS waiting FROM webhook_event WHERE next_attempt_at > now() + interval '1 minute'`,
      );
      return rows[0]?.waiting === 2;
    });
    expect(received()).toHaveLength(1);
    target.answer((response) => void response.writeHead(200).end());
    await resendEvent(database.pool, first ?? '');
    await allDelivered();
    expect(received().map(({ number }) => number)).toEqual([0, 0, 1, 2]);
  });

  it('sends a resent event in its turn, never beside another of its object', async () => {
    const { overlaps } = unsteadyTarget(1000);
    const hook = await webhook();
    const uuids = await publish(hook, series(['a'], 20));
    await eventually(() => received().length >= 3);
    await resendEvent(database.pool, uuids[0] ?? '');
    await allDelivered();
    await eventually(() => received().filter(({ number }) => number === 0).length === 2);
    expect(overlaps).toEqual([]);
  });
});
