import {
  accountEntity,
  insertWebhookEvents,
  webhookEntity,
  webhookEventEntity,
  type Database,
} from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { randomUUID } from 'node:crypto';
import { eventually, respond, startTarget } from '../../../tests/environment/target.ts';
import { runDispatcher } from './testing/run-dispatcher.ts';

describe('A webhook', () => {
  let database: Database;
  let accountId: number;

  beforeAll(async () => {
    database = await openSpecDatabase();
    accountId = (await database.orm.getRepository(accountEntity).save({ name: 'spec' })).id;
  });
  afterAll(async () => {
    await database.close();
  });

  const webhookAt = (targetUrl: string, config = {}) =>
    database.orm.getRepository(webhookEntity).save({
      accountId,
      targetUrl,
      eventType: 'package.created',
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 3600 } },
      additionalHeaders: {},
      config,
    });

  const publish = async (webhookId: number): Promise<string> => {
    const uuid = randomUUID();
    await insertWebhookEvents(
      database.pool,
      [
        {
          uuid,
          webhookId,
          eventType: 'package.created',
          contentType: 4,
          objectId: '1',
          payload: '{}',
          lookupPath: null,
          traceparent: null,
          ordered: false,
          idempotency: null,
        },
      ],
      0,
    );
    return uuid;
  };

  // An event that waited for its countdown was sent after all when the webhook came back before it was due.
  it('that is deactivated takes its waiting events with it, also when it is activated again at once', async () => {
    const target = await startTarget(respond(500));
    const dispatcher = await runDispatcher({ DATABASE_URL: database.url });
    try {
      const { id } = await webhookAt(target.url);
      const uuid = await publish(id);
      const events = database.orm.getRepository(webhookEventEntity);
      await eventually(() => events.existsBy({ uuid, state: 'retrying' }));
      const webhooks = database.orm.getRepository(webhookEntity);
      await webhooks.update({ id }, { isActive: false });
      await webhooks.update({ id }, { isActive: true });
      expect(await events.findOneByOrFail({ uuid })).toMatchObject({
        state: 'cancelled',
        nextAttemptAt: null,
        lastError: 'The webhook is not active.',
      });
    } finally {
      await dispatcher.stop();
      await target.close();
    }
  });

  // One account's webhook had stopped delivery for everybody.
  it('whose settings PostgreSQL cannot look into stops nobody else', async () => {
    const target = await startTarget();
    await database.pool.query(
      `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config, config)
       VALUES ($1, 'http://127.0.0.1:1/', 'package.created', '{}', $2)`,
      [accountId, '{"note": "\\u0000", "rate_limit": "many", "x": "\\ud800"}'],
    );
    const dispatcher = await runDispatcher({ DATABASE_URL: database.url });
    try {
      const { id } = await webhookAt(target.url);
      await publish(id);
      await eventually(() => target.received.length === 1);
    } finally {
      await dispatcher.stop();
      await target.close();
    }
  });
});
