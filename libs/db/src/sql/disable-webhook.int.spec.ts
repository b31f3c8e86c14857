import type { Database } from '../database.ts';
import { openSpecDatabase } from '../testing/spec-database.ts';
import { disableWebhook } from './disable-webhook.ts';
import { noteFailed } from './note-outcomes.ts';

describe('disableWebhook', () => {
  let database: Database;
  beforeEach(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('one'), ('other');
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config, is_active) VALUES
        (1, 1, 'https://example.com/packages', 'package.created', '{}', true),
        (2, 1, 'https://example.com/notices', 'webhook.disabled', '{}', true),
        (3, 1, 'https://example.com/asleep', 'webhook.disabled', '{}', false),
        (4, 2, 'https://example.com/not-mine', 'webhook.disabled', '{}', true)`);
  });
  afterEach(() => database.close());

  const events = async () => {
    const { rows } = await database.pool.query<{ webhook_id: number; payload: string }>(
      'SELECT webhook_id, event_type, object_id, state, next_attempt_at <= now() AS due, payload FROM webhook_event',
    );
    return rows;
  };

  it('deactivates with the reason and tells the active webhooks of the same account, and of that one only', async () => {
    expect(await disableWebhook(database.pool, 1, 'It "failed".')).toEqual([2]);
    const { rows } = await database.pool.query('SELECT is_active, disabled_reason FROM webhook WHERE id = 1');
    expect(rows).toEqual([{ is_active: false, disabled_reason: 'It "failed".' }]);
    const [notice, ...others] = await events();
    expect(others).toEqual([]);
    expect(notice).toMatchObject({
      webhook_id: 2,
      event_type: 'webhook.disabled',
      object_id: '1',
      state: 'pending',
      due: true,
    });
    expect(JSON.parse(notice?.payload ?? '')).toEqual({
      webhook: 1,
      target_url: 'https://example.com/packages',
      event_type: 'package.created',
      reason: 'It "failed".',
      disabled_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/) as unknown,
      enable_again: 'PATCH /whisperer/hooks/1/ {"is_active": true}',
    });
  });

  it('tells nobody of the end of the webhook that would have to be told', async () => {
    expect(await disableWebhook(database.pool, 2, 'It failed.')).toEqual([]);
    expect(await events()).toEqual([]);
  });

  it('happens once, however many dispatchers come to it at the same moment', async () => {
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => disableWebhook(database.pool, 1, 'It failed.')),
    );
    expect(answers.filter((notified) => notified !== undefined)).toEqual([[2]]);
    expect(await events()).toHaveLength(1);
  });

  it('lets the webhook begin anew when it is enabled again', async () => {
    await noteFailed(database.pool, [{ webhookId: 1, exhausted: 49 }]);
    await database.pool.query(`UPDATE webhook_health SET failing_since = now() - interval '6 days'`);
    await disableWebhook(database.pool, 1, 'It failed.');
    await database.pool.query('UPDATE webhook SET is_active = true WHERE id = 1');
    const [failing] = await noteFailed(database.pool, [{ webhookId: 1, exhausted: 1 }]);
    expect(failing).toMatchObject({ exhaustedInARow: 1, failingSince: failing?.lastFailed });
  });
});
