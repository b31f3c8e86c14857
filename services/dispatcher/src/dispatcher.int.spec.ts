import {
  accountEntity,
  insertWebhookEvents,
  notifyDue,
  resendEvent,
  webhookEntity,
  webhookEventEntity,
  deliveryAttemptEntity,
  type Database,
  type WebhookEventRow,
  type WebhookRow,
} from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { standardSignature, whispererSignature } from '@oms-webhooks/domain';
import { randomUUID } from 'node:crypto';
import { eventually, respond, startTarget, type Target } from '../../../tests/environment/target.ts';
import { runDispatcher, type RunningDispatcher } from './testing/run-dispatcher.ts';

describe('The dispatcher, without a broker', () => {
  let database: Database;
  let dispatcher: RunningDispatcher;
  let target: Target;
  let accountId: number;

  beforeAll(async () => {
    database = await openSpecDatabase();
    accountId = (await database.orm.getRepository(accountEntity).save({ name: 'spec' })).id;
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(async () => {
    target = await startTarget();
    dispatcher = await runDispatcher({ DATABASE_URL: database.url, DELIVERY_TIMEOUT_MS: '1000' });
  });
  afterEach(async () => {
    await dispatcher.stop();
    await target.close();
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook');
  });

  const webhook = (settings: Partial<WebhookRow> = {}): Promise<WebhookRow> =>
    database.orm.getRepository(webhookEntity).save({
      accountId,
      targetUrl: `${target.url}/hook`,
      eventType: 'package.created',
      secretKey: null,
      callback: null,
      disabledReason: null,
      deletedDate: null,
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 0 } },
      additionalHeaders: {},
      config: {},
      ...settings,
    } as Partial<WebhookRow>);

  const publish = async (hook: WebhookRow, payload: string | null = '{"id": 8812, "price": 300.00}') => {
    const uuid = randomUUID();
    const { id: webhookId, eventType } = hook;
    await insertWebhookEvents(
      database.pool,
      [
        {
          uuid,
          webhookId,
          eventType,
          contentType: 4,
          objectId: '8812',
          payload,
          lookupPath: null,
          traceparent: null,
          ordered: hook.config.ordered === true,
          idempotency: null,
        },
      ],
      0,
    );
    await notifyDue(database.pool, [webhookId]);
    return uuid;
  };

  const stored = async (uuid: string): Promise<WebhookEventRow> =>
    database.orm.getRepository(webhookEventEntity).findOneByOrFail({ uuid });
  const inState = (uuid: string, state: string) =>
    eventually(async () => ((await stored(uuid)).state === state ? stored(uuid) : undefined), {
      what: `state ${state}`,
    });

  it('delivers an event with its headers, signed, and records the answer', async () => {
    const hook = await webhook({
      secretKey: 'secret',
      additionalHeaders: { 'X-Own': 'yes', 'user-agent': 'mine' },
    });
    const uuid = await publish(hook);
    const event = await inState(uuid, 'delivered');

    const [request] = target.received;
    const body = `{"event":{"type":"package.created","uuid":"${uuid.replaceAll('-', '')}"},"payload":{"id": 8812, "price": 300.00}}`;
    expect(request?.body).toBe(body);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'x-whisperer-event': 'package.created',
      'x-whisperer-attempt': '1',
      'x-whisperer-signature': whispererSignature('secret', body),
      'webhook-id': uuid,
      'x-own': 'yes',
      'user-agent': 'mine',
    });
    const timestamp = Number(request?.headers['webhook-timestamp']);
    expect(request?.headers['webhook-signature']).toBe(standardSignature('secret', uuid, timestamp, body));
    expect(event).toMatchObject({
      attempts: 1,
      responseHttpStatus: 200,
      nextAttemptAt: null,
      lastError: null,
    });
    expect(event.responseContent?.toString()).toBe('ok');
    expect(event.requestDatetimes).toHaveLength(1);
  });

  it('attempts 11 times by countdown, 8 times more an hour apart, and is then exhausted', async () => {
    target.answer(respond(500, '500 Internal Server Error'));
    const uuid = await publish(await webhook());
    const waiting = await eventually(async () => {
      const event = await stored(uuid);
      return event.attempts === 11 ? event : undefined;
    });
    expect(waiting).toMatchObject({ state: 'retrying', responseHttpStatus: 500 });
    expect((waiting.nextAttemptAt ?? 0) / 1e6 - Date.now() / 1000).toBeGreaterThan(3590);
    for (let attempt = 12; attempt <= 19; attempt += 1) {
      await database.pool.query('UPDATE webhook_event SET next_attempt_at = now() WHERE uuid = $1', [uuid]);
      await eventually(async () => (await stored(uuid)).attempts === attempt);
    }
    expect(await inState(uuid, 'exhausted')).toMatchObject({ attempts: 19, nextAttemptAt: null });
    const event = await stored(uuid);
    expect([...event.requestDatetimes].sort((a, b) => b - a)).toEqual(event.requestDatetimes);
    expect(new Set(target.received.map(({ body }) => body)).size).toBe(1);
    const attempts = await database.orm.getRepository(deliveryAttemptEntity).findBy({ eventId: event.id });
    expect(attempts.map(({ number }) => number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 19 }, (_, i) => i + 1),
    );
  });

  it('sends a delivered and an exhausted event again when it is resent', async () => {
    const uuid = await publish(await webhook());
    await inState(uuid, 'delivered');
    await resendEvent(database.pool, uuid);
    await eventually(() => target.received.length === 2);
    const event = await eventually(async () => {
      const row = await stored(uuid);
      return row.attempts === 2 && row.state === 'delivered' ? row : undefined;
    });
    const attempts = await database.orm.getRepository(deliveryAttemptEntity).findBy({ eventId: event.id });
    expect(attempts.map(({ cause }) => cause).sort()).toEqual(['countdown', 'resend']);
  });

  it('takes 3xx for a failure and does not follow it', async () => {
    target.answer(respond(302, '', { location: `${target.url}/elsewhere` }));
    const uuid = await publish(await webhook({ config: { max_attempts: 1, recovery_attempts: 0 } }));
    const event = await inState(uuid, 'exhausted');
    expect(event).toMatchObject({ responseHttpStatus: 302, attempts: 1 });
    expect(target.received.map(({ path }) => path)).toEqual(['/hook']);
  });

  it('disables the webhook and cancels its events at 410', async () => {
    target.answer(respond(410));
    const hook = await webhook();
    const uuid = await publish(hook);
    await inState(uuid, 'cancelled');
    // The attempt is recorded first.
    const disabled = await eventually(() =>
      database.orm.getRepository(webhookEntity).findOneBy({ id: hook.id, isActive: false }),
    );
    expect(disabled).toMatchObject({ disabledReason: 'The target answered 410 Gone.' });
    const later = await publish(hook);
    await inState(later, 'cancelled');
    expect(target.received).toHaveLength(1);
  });

  it('waits as long as Retry-After asks', async () => {
    target.answer(respond(503, '', { 'retry-after': '120' }));
    const uuid = await publish(await webhook());
    const event = await inState(uuid, 'retrying');
    expect((event.nextAttemptAt ?? 0) / 1e6 - Date.now() / 1000).toBeGreaterThan(110);
  });

  it.each([
    ['never answers', () => undefined],
    [
      'drips a byte at a time',
      (response: import('node:http').ServerResponse) => {
        response.writeHead(200);
        const drip = setInterval(() => response.write('.'), 100);
        response.on('close', () => clearInterval(drip));
      },
    ],
  ])('ends an attempt at the time limit when the target %s', async (_name, answer) => {
    target.answer(answer);
    const uuid = await publish(await webhook({ config: { max_attempts: 1, recovery_attempts: 0 } }));
    expect(await inState(uuid, 'exhausted')).toMatchObject({
      responseHttpStatus: 500,
      lastError: 'No complete answer within 1000 ms.',
    });
  });

  it('keeps the first 64 KiB of an endless answer', async () => {
    target.answer((response) => void response.writeHead(200).end(Buffer.alloc(300_000, 'x')));
    const event = await inState(await publish(await webhook()), 'delivered');
    expect(event.responseContent).toHaveLength(64 * 1024);
  });

  it('records a refused connection as status 500 with its text', async () => {
    const hook = await webhook({
      targetUrl: 'http://127.0.0.1:1/',
      config: { max_attempts: 1, recovery_attempts: 0 },
    });
    const event = await inState(await publish(hook), 'exhausted');
    expect(event).toMatchObject({ responseHttpStatus: 500, responseContent: null });
    expect(event.lastError).toMatch(/ECONNREFUSED/);
  });

  it('never connects to an address that is not allowed', async () => {
    await dispatcher.stop();
    dispatcher = await runDispatcher({
      DATABASE_URL: database.url,
      DELIVERY_TIMEOUT_MS: '1000',
      DELIVERY_ALLOWED_NETWORKS: '',
    });
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      const hook = await webhook({
        targetUrl: target.url.replace('127.0.0.1', host),
        config: { max_attempts: 1, recovery_attempts: 0 },
      });
      const event = await inState(await publish(hook), 'exhausted');
      expect(event.lastError).toMatch(/is not allowed/);
    }
    expect(target.received).toHaveLength(0);
  });
});
