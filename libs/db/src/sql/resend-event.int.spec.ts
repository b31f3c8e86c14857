import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { EventState } from '@oms-webhooks/domain';
import type { Database } from '../database.ts';
import type { Channel } from '../listener.ts';
import { newEvent, openSpecDatabase } from '../testing/spec-database.ts';
import { claimDueEvents } from './claim-due-events.ts';
import { insertWebhookEvents } from './insert-webhook-events.ts';
import { notifyDue } from './notify-due.ts';
import { resendEvent } from './resend-event.ts';

describe('resendEvent', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  /** Resolves with the next `count` notices on a channel that `work` causes. */
  async function noticesOf(channel: Channel, work: () => Promise<unknown>, count: number): Promise<string[]> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      await client.query(`LISTEN ${channel}`);
      const notices: string[] = [];
      const arrived = new Promise<void>((resolve) =>
        client.on('notification', ({ payload }) => {
          if (notices.push(payload ?? '') === count) resolve();
        }),
      );
      await work();
      await arrived;
      return notices;
    } finally {
      await client.end();
    }
  }

  it.each<[EventState, number, EventState]>([
    ['pending', 0, 'pending'],
    ['retrying', 3, 'retrying'],
    ['delivered', 1, 'retrying'],
    ['exhausted', 19, 'retrying'],
    ['cancelled', 0, 'pending'],
    ['cancelled', 2, 'retrying'],
  ])(
    'makes a %s event with %i attempts due at once and tells the dispatchers',
    async (state, attempts, after) => {
      const event = newEvent({ webhookId: 7 });
      await insertWebhookEvents(database.pool, [event], 30);
      await database.pool.query(
        `UPDATE webhook_event SET state = $2, attempts = $3,
              next_attempt_at = CASE WHEN $2 IN ('pending', 'retrying') THEN next_attempt_at END, in_flight = false
        WHERE uuid = $1`,
        [event.uuid, state, attempts],
      );
      const notices = await noticesOf(
        'oms_webhooks_resent',
        async () => {
          expect(await resendEvent(database.pool, event.uuid)).toBe(true);
        },
        1,
      );
      expect(notices).toEqual(['7']);
      const { rows } = await database.pool.query(
        'SELECT state, attempts FROM webhook_event WHERE uuid = $1',
        [event.uuid],
      );
      expect(rows).toEqual([{ state: after, attempts }]);
      const [claimed] = await claimDueEvents(database.pool, [{ webhookId: 7, room: 5 }], 30);
      expect(claimed).toMatchObject({ uuid: event.uuid, cause: 'resend', attempts });
    },
  );

  it('knows no event by another uuid', async () => {
    expect(await resendEvent(database.pool, randomUUID())).toBe(false);
  });

  it('takes a uuid without dashes', async () => {
    const event = newEvent({ webhookId: 8 });
    await insertWebhookEvents(database.pool, [event], 30);
    expect(await resendEvent(database.pool, event.uuid.replaceAll('-', ''))).toBe(true);
  });

  it('tells of thousands of due webhooks in notices that PostgreSQL carries', async () => {
    const ids = Array.from({ length: 1200 }, (_, index) => 2_147_482_000 + index);
    const notices = await noticesOf('oms_webhooks_due', () => notifyDue(database.pool, [...ids, ...ids]), 3);
    expect(notices.join(',').split(',').map(Number)).toEqual(ids);
  });
});
