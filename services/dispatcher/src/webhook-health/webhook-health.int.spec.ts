import {
  accountEntity,
  deliveryAttemptEntity,
  insertWebhookEvents,
  notifyDue,
  webhookEntity,
  webhookEventEntity,
  type Database,
  type WebhookRow,
} from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { randomUUID } from 'node:crypto';
import { eventually, respond, startTarget, type Target } from '../../../../tests/environment/target.ts';
import { runDispatcher, type RunningDispatcher } from '../testing/run-dispatcher.ts';

const once = { max_attempts: 1, recovery_attempts: 0 };

describe('The health of webhooks', () => {
  let database: Database;
  let dispatchers: RunningDispatcher[];
  let target: Target;

  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.orm.getRepository(accountEntity).save({ name: 'spec' });
  });
  afterAll(async () => {
    await database.close();
  });
  const start = async () => {
    dispatchers.push(await runDispatcher({ DATABASE_URL: database.url, DELIVERY_TIMEOUT_MS: '1000' }));
  };
  const stop = () => Promise.all(dispatchers.splice(0).map((dispatcher) => dispatcher.stop()));
  beforeEach(async () => {
    dispatchers = [];
    target = await startTarget(respond(500));
    await start();
  });
  afterEach(async () => {
    await stop();
    await target.close();
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook; DELETE FROM webhook_health');
  });

  const webhook = (path: string, settings: Partial<WebhookRow> = {}) =>
    database.orm.getRepository(webhookEntity).save({
      accountId: 1,
      targetUrl: `${target.url}${path}`,
      eventType: 'package.created',
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 3600 } },
      ...settings,
    } as Partial<WebhookRow>) as Promise<WebhookRow>;
  const publish = async ({ id: webhookId, eventType }: WebhookRow, ...objectIds: string[]) => {
    const events = objectIds.map((objectId) => ({
      uuid: randomUUID(),
      webhookId,
      eventType,
      contentType: 4,
      objectId,
      payload: `"${objectId}"`,
      lookupPath: null,
      traceparent: null,
      ordered: false,
      idempotency: null,
    }));
    await insertWebhookEvents(database.pool, events, 0);
    await notifyDue(database.pool, [webhookId]);
  };
  const event = (objectId: string) =>
    database.orm.getRepository(webhookEventEntity).findOneByOrFail({ objectId });
  const inState = (objectId: string, state: string) =>
    eventually(async () => (await event(objectId)).state === state, {
      what: `${objectId} in state ${state}`,
    });
  const health = async ({ id }: WebhookRow) => {
    const { rows } = await database.pool.query<{ failing: boolean; exhausted: number }>(
      `SELECT failing_since IS NOT NULL AS failing, exhausted_in_a_row AS exhausted
         FROM webhook_health WHERE webhook_id = $1`,
      [id],
    );
    return rows[0];
  };
  const daysPass = (days: number) =>
    database.pool.query(
      `UPDATE webhook_health SET failing_since = failing_since - make_interval(days => $1),
                                 last_failed = last_failed - interval '2 hours'`,
      [days],
    );
  const disabled = ({ id }: WebhookRow) =>
    eventually(
      async () => {
        const row = await database.orm.getRepository(webhookEntity).findOneByOrFail({ id });
        return row.isActive ? undefined : row.disabledReason;
      },
      { what: `webhook ${id} disabled` },
    );
  const isActive = async ({ id }: WebhookRow) =>
    (await database.orm.getRepository(webhookEntity).findOneByOrFail({ id })).isActive;
  const payloads = (path: string) =>
    target.received
      .filter((request) => request.path === path)
      .map(({ body }) => (JSON.parse(body) as { payload: unknown }).payload);

  it('disables a webhook that has failed for five days, and tells its account', async () => {
    target.answer((response, { path }) => response.writeHead(path === '/notices' ? 200 : 500).end());
    const failing = await webhook('/hook');
    await webhook('/notices', { eventType: 'webhook.disabled' });
    await publish(failing, 'a');
    await eventually(async () => (await health(failing))?.failing);
    await daysPass(4);
    await publish(failing, 'b');
    await inState('b', 'retrying');
    await daysPass(2);
    await publish(failing, 'c');
    const reason = await disabled(failing);
    expect(reason).toMatch(/^It failed for 5 days, since .* without a delivery in between\.$/);
    await eventually(() => payloads('/notices').length);
    expect(payloads('/notices')).toEqual([
      expect.objectContaining({ webhook: failing.id, target_url: `${target.url}/hook`, reason }),
    ]);
    // What was waiting is cancelled as it comes up, with the reason.
    await database.pool.query(`UPDATE webhook_event SET next_attempt_at = now() WHERE object_id = 'a'`);
    await inState('a', 'cancelled');
    expect((await event('a')).lastError).toBe(reason);
  });

  it('does not disable a webhook that delivered meanwhile', async () => {
    const flaky = await webhook('/hook');
    await publish(flaky, 'a');
    await eventually(async () => (await health(flaky))?.failing);
    await daysPass(6);
    target.answer(respond(200));
    await publish(flaky, 'b');
    await eventually(async () => (await health(flaky))?.failing === false);
    target.answer(respond(500));
    await publish(flaky, 'c');
    await eventually(async () => (await health(flaky))?.failing);
    expect(await isActive(flaky)).toBe(true);
  });

  it('disables a webhook after as many exhausted events in a row as its settings say', async () => {
    const failing = await webhook('/hook', { config: { ...once, max_exhausted: 3 } });
    await publish(failing, 'a', 'b');
    await eventually(async () => (await health(failing))?.exhausted === 2);
    expect(await isActive(failing)).toBe(true);
    await publish(failing, 'c');
    expect(await disabled(failing)).toBe('3 events in a row could not be delivered in all their attempts.');
  });

  it('does not go in circles when webhooks that would be told fail as well', async () => {
    const notices = { eventType: 'webhook.disabled', config: { ...once, max_exhausted: 1 } };
    const failing = await webhook('/hook', { config: { ...once, max_exhausted: 1 } });
    const first = await webhook('/notices/1', notices);
    const second = await webhook('/notices/2', notices);
    await publish(failing, 'a');
    for (const each of [failing, first, second]) await disabled(each);
    await eventually(async () => {
      const { rows } = await database.pool.query<{ unfinished: number }>(
        'SELECT count(next_attempt_at)::int AS unfinished FROM webhook_event',
      );
      return rows[0]?.unfinished === 0;
    });
    // 'a', its notice to both, and at most each one's notice to the other.
    expect(await database.orm.getRepository(webhookEventEntity).count()).toBeLessThanOrEqual(5);
  });

  it('tells the account of a webhook whose target is gone (410)', async () => {
    target.answer((response, { path }) => response.writeHead(path === '/notices' ? 200 : 410).end());
    const gone = await webhook('/hook');
    await webhook('/notices', { eventType: 'webhook.disabled' });
    await publish(gone, 'a');
    expect(await disabled(gone)).toBe('The target answered 410 Gone.');
    await eventually(() => payloads('/notices').length);
  });

  it('sends again what an outage had exhausted, oldest first, once the target delivers', async () => {
    const hook = await webhook('/hook', { config: once });
    await publish(hook, 'a', 'b', 'c');
    for (const objectId of ['a', 'b', 'c']) await inState(objectId, 'exhausted');
    target.received.splice(0);
    target.answer(respond(200));
    await publish(hook, 'd');
    for (const objectId of ['a', 'b', 'c']) await inState(objectId, 'delivered');
    expect(payloads('/hook')[0]).toBe('d');
    expect(payloads('/hook').sort()).toEqual(['a', 'b', 'c', 'd']);
    const attempts = await database.orm
      .getRepository(deliveryAttemptEntity)
      .findBy({ eventId: (await event('a')).id });
    expect(attempts.map(({ cause, number }) => `${number} ${cause}`).sort()).toEqual([
      '1 countdown',
      '2 recovery',
    ]);
  });

  it('goes on with a recovery that a restart has cut short', async () => {
    const hook = await webhook('/hook', { config: once });
    const names = Array.from({ length: 60 }, (_, index) => `event-${index}`);
    // A lane's circuit opens after 20 failures: exhausted as if long ago instead.
    await stop();
    await publish(hook, ...names);
    await database.pool.query(
      `UPDATE webhook_event SET state = 'exhausted', next_attempt_at = NULL, attempts = 1`,
    );
    await database.pool.query(
      `INSERT INTO webhook_health (webhook_id, failing_since, last_failed) VALUES ($1, now(), now())`,
      [hook.id],
    );
    target.answer(respond(200));
    await start();
    await publish(hook, 'fresh');
    await eventually(() => target.received.length > 10);
    await stop();
    expect(target.received.length).toBeLessThan(61);
    await start();
    await eventually(() => new Set(payloads('/hook')).size === 61);
    for (const name of names) await inState(name, 'delivered');
  });

  it('tries a recovered event that fails again only once', async () => {
    const hook = await webhook('/hook', { config: once });
    await publish(hook, 'poison');
    await inState('poison', 'exhausted');
    target.answer((response, { body }) => response.writeHead(body.includes('poison') ? 500 : 200).end());
    await publish(hook, 'a');
    await eventually(async () => (await event('poison')).attempts === 2);
    await inState('poison', 'exhausted');
    await eventually(async () => (await health(hook))?.failing);
    await publish(hook, 'b');
    await eventually(async () => (await health(hook))?.failing === false);
    await publish(hook, 'c');
    await inState('c', 'delivered');
    expect(payloads('/hook').filter((payload) => payload === 'poison')).toHaveLength(2);
    expect(await health(hook)).toMatchObject({ exhausted: 0 });
  });
});
