import {
  accountEntity,
  claimDueEvents,
  deliveryAttemptEntity,
  insertWebhookEvents,
  webhookEntity,
  webhookEventEntity,
  type Database,
} from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { DispatchedEvent, Outcome, Webhook } from '@oms-webhooks/domain';
import { randomUUID } from 'node:crypto';
import { HeldLeases } from './held-leases.ts';
import { AttemptRecorder } from './record.ts';

const answered = (headers: Record<string, string> = {}): Outcome => ({
  kind: 'answered',
  status: 200,
  headers,
  content: Buffer.from('ok'),
  startedAt: Date.now() * 1000,
  durationMs: 5,
});

describe('Recording attempts', () => {
  let database: Database;
  let webhook: Webhook;

  beforeAll(async () => {
    database = await openSpecDatabase();
    const { id: accountId } = await database.orm.getRepository(accountEntity).save({ name: 'spec' });
    webhook = await database.orm.getRepository(webhookEntity).save({
      accountId,
      targetUrl: 'http://127.0.0.1:1/',
      eventType: 'package.created',
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 0 } },
      additionalHeaders: {},
      config: {},
    });
  });
  afterAll(async () => {
    await database.close();
  });

  const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
  const heldLeases = () => new HeldLeases({ pool: database.pool, leaseSeconds: 30, log });
  const recorder = (leases = heldLeases()) =>
    new AttemptRecorder({
      pool: database.pool,
      leases,
      limits: { maxAttempts: 11, recoveryAttempts: 8 },
      now: () => Date.now() * 1000,
      random: () => 0,
      pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
      log,
    });

  async function claimed(count: number): Promise<DispatchedEvent[]> {
    const events = Array.from({ length: count }, () => ({
      uuid: randomUUID(),
      webhookId: webhook.id,
      eventType: webhook.eventType,
      contentType: 4,
      objectId: '1',
      payload: '{}',
      lookupPath: null,
      traceparent: null,
      ordered: false,
      idempotency: null,
    }));
    await insertWebhookEvents(database.pool, events, 0);
    return claimDueEvents(database.pool, [{ webhookId: webhook.id, room: count }], 30);
  }

  const delivered = (events: DispatchedEvent[]) =>
    database.orm
      .getRepository(webhookEventEntity)
      .createQueryBuilder('e')
      .where(`e.id = ANY(:ids) AND e.state = 'delivered'`, { ids: events.map(({ id }) => id) })
      .getCount();

  it('keeps the others of a batch when PostgreSQL refuses one of them', async () => {
    const events = await claimed(5);
    const [poisoned] = events;
    const records = events.map((event) =>
      // A requested_at for which there is no partition.
      recorder().record(
        event,
        webhook,
        event === poisoned ? { ...answered(), startedAt: 1_000_000 } : answered(),
      ),
    );
    const shared = recorder();
    const together = events.map((event) =>
      shared.record(
        event,
        webhook,
        event === poisoned ? { ...answered(), startedAt: 1_000_000 } : answered(),
      ),
    );
    const results = await Promise.allSettled([...records, ...together]);
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(2);
    expect(await delivered(events)).toBe(4);
  });

  it('takes whatever a target can put into its answer', async () => {
    const [event] = await claimed(1);
    if (!event) throw new Error('nothing was claimed');
    const odd: Outcome = {
      kind: 'failed',
      failure: 'response',
      error: 'a NUL \0 in it',
      startedAt: Date.now() * 1000,
      durationMs: 1,
    };
    await recorder().record(event, webhook, odd);
    const row = await database.orm.getRepository(webhookEventEntity).findOneByOrFail({ uuid: event.uuid });
    expect(row).toMatchObject({ state: 'retrying', lastError: 'a NUL \uFFFD in it' });
  });

  it('loses no outcome when leases are extended at the same moment', async () => {
    const events = await claimed(200);
    const leases = heldLeases();
    const shared = recorder(leases);
    const recording = events.map(async (event, index) => {
      if (index % 40 === 0) leases.extend(index % 80 === 0 ? events : [...events].reverse());
      await new Promise((resolve) => setImmediate(resolve));
      return shared.record(event, webhook, answered());
    });
    const steps = await Promise.all(recording);
    expect(steps.filter((step) => step?.state === 'delivered')).toHaveLength(200);
    expect(await delivered(events)).toBe(200);
    const attempts = database.orm.getRepository(deliveryAttemptEntity);
    expect(
      await attempts
        .createQueryBuilder('a')
        .where('a.event_id = ANY(:ids)', { ids: events.map(({ id }) => id) })
        .getCount(),
    ).toBeGreaterThanOrEqual(200);
  });
});
