import {
  accountEntity,
  deliveryAttemptEntity,
  insertTestEvent,
  webhookEntity,
  webhookEventEntity,
  type Database,
  type WebhookRow,
} from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { randomUUID } from 'node:crypto';
import { eventually, respond, startTarget, type Target } from '../../../tests/environment/target.ts';
import { runDispatcher, type RunningDispatcher } from './testing/run-dispatcher.ts';

describe('a test event', () => {
  let database: Database;
  let target: Target;
  let dispatcher: RunningDispatcher;
  beforeAll(async () => {
    database = await openSpecDatabase();
    target = await startTarget();
    dispatcher = await runDispatcher({ DATABASE_URL: database.url, DELIVERY_TIMEOUT_MS: '1000' });
  });
  afterAll(async () => {
    await dispatcher.stop();
    await target.close();
    await database.close();
  });

  const finished = async (settings: Partial<WebhookRow> = {}) => {
    const { orm, pool } = database;
    const account = await orm.getRepository(accountEntity).save({ name: randomUUID() });
    const webhook = await orm.getRepository(webhookEntity).save({
      accountId: account.id,
      targetUrl: `${target.url}/hook`,
      eventType: 'package.created',
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 0 } },
      additionalHeaders: {},
      config: {},
      ...settings,
    } as Partial<WebhookRow>);
    const { id } = await insertTestEvent(pool, {
      uuid: randomUUID(),
      webhookId: webhook.id,
      eventType: webhook.eventType,
      payload: '{"test":true}',
    });
    const event = await eventually(async () => {
      const row = await orm.getRepository(webhookEventEntity).findOneByOrFail({ id });
      return row.nextAttemptAt === null ? row : undefined;
    });
    return { event, attempts: await orm.getRepository(deliveryAttemptEntity).findBy({ eventId: id }) };
  };

  it('is sent as all events are, and is exhausted by its one attempt where that fails', async () => {
    target.answer(respond(500, 'no'));
    const { event, attempts } = await finished();
    expect([event.state, event.attempts, attempts.length]).toEqual(['exhausted', 1, 1]);
    expect(attempts[0]).toMatchObject({ cause: 'resend', responseHttpStatus: 500 });
    expect(target.received.at(-1)?.body).toContain('"payload":{"test":true}');
  });

  it('is delivered to webhooks whose settings ask for more attempts or for order alike', async () => {
    target.answer(respond(200, 'ok'));
    const config = { max_attempts: 5, recovery_attempts: 2, ordered: true };
    expect((await finished({ config })).event.state).toBe('delivered');
  });
});
