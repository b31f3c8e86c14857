import type { Pool } from 'pg';
import type { Database } from './database.ts';
import { Subscribers } from './subscribers.ts';
import { openSpecDatabase } from './testing/spec-database.ts';

describe('Subscribers', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`INSERT INTO account (name) VALUES ('akinon'), ('shop')`);
    await database.pool.query(`
      INSERT INTO publisher_app (id, account_id, name, permissions) VALUES (gen_random_uuid(), 1, 'app', '[]');
      INSERT INTO published_event (app_id, topic, name, type, description, event_type)
      SELECT id, 'entity', 'package.created', 'public', '', 'x' FROM publisher_app;
      INSERT INTO subscription (id, account_id, app_id, topic, target_url)
      SELECT gen_random_uuid(), 2, id, 'entity', 'http://127.0.0.1/' FROM publisher_app`);
  });
  beforeEach(() => database.pool.query('DELETE FROM webhook'));
  afterAll(() => database.close());

  let created = 0;
  const create = async (eventType: string, columns: Record<string, unknown> = {}) => {
    const all = {
      account_id: 1,
      target_url: `http://127.0.0.1/${(created += 1)}`,
      event_type: eventType,
      retry_countdown_config: '{"choice":"fixed","kwargs":{"seconds":60}}',
      ...columns,
    };
    const { rows } = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook (${Object.keys(all).join()}) VALUES (${Object.keys(all)
        .map((_, n) => `$${n + 1}`)
        .join()})
       RETURNING id`,
      Object.values(all),
    );
    return rows[0]!.id;
  };
  const subscription = async () => {
    const { rows } = await database.pool.query<{ subscription_id: string; published_event_id: number }>(
      'SELECT s.id AS subscription_id, p.id AS published_event_id FROM subscription s, published_event p',
    );
    return rows[0]!;
  };
  const ids = (list: readonly { webhookId: number }[]) => list.map(({ webhookId }) => webhookId);

  it('are the active webhooks of a type, of every account, as the fan-out needs them', async () => {
    const plain = await create('package.created');
    const ordered = await create('package.created', { account_id: 2, config: '{"ordered":true}' });
    await create('package.created', { is_active: false });
    await create('package.status.packed');
    expect(await new Subscribers(database.pool).ofEventType('package.created')).toEqual([
      { webhookId: plain, accountId: 1, ordered: false, customAttributes: true },
      { webhookId: ordered, accountId: 2, ordered: true, customAttributes: true },
    ]);
  });

  it('of published events are apart from those of event types', async () => {
    const of = await subscription();
    const own = await create('package.created');
    const subscribed = await create('package.created', { ...of, custom_attributes: false });
    // Its published event was deleted: it hears nothing any more.
    await create('package.updated', { subscription_id: of.subscription_id });
    const subscribers = new Subscribers(database.pool);
    expect(ids(await subscribers.ofEventType('package.created'))).toEqual([own]);
    expect(await subscribers.ofEventType('package.updated')).toEqual([]);
    expect(await subscribers.ofPublishedEvent(of.published_event_id)).toEqual([
      { webhookId: subscribed, accountId: 1, ordered: false, customAttributes: false },
    ]);
  });

  it('are those of the moment of asking, and never those of a read that began before', async () => {
    const subscribers = new Subscribers(database.pool);
    expect(await subscribers.ofEventType('b')).toEqual([]);
    const first = await create('b');
    expect(ids(await subscribers.ofEventType('b'))).toEqual([first]);
    const second = await create('b');
    expect(ids(await subscribers.ofEventType('b'))).toEqual([first, second]);
    await database.pool.query('UPDATE webhook SET is_active = false WHERE id = $1', [first]);
    expect(ids(await subscribers.ofEventType('b'))).toEqual([second]);
  });

  it('are read once for all who ask while a read is under way', async () => {
    // Reads that end when the spec says so, each with what is there by then.
    const answers: ((rows: { webhookId: number }[]) => void)[] = [];
    const query = () =>
      new Promise((resolve) => void answers.push((rows: { webhookId: number }[]) => resolve({ rows })));
    const held = new Subscribers({ query } as unknown as Pool);
    const early = held.ofEventType('b');
    const late = [held.ofEventType('b'), held.ofEventType('b')];
    expect(answers).toHaveLength(1);
    answers[0]?.([]);
    expect(await early).toEqual([]);
    while (answers.length < 2) await new Promise((resolve) => setImmediate(resolve));
    answers[1]?.([{ webhookId: 7 }]);
    expect((await Promise.all(late)).map(ids)).toEqual([[7], [7]]);
    expect(answers).toHaveLength(2);
  });
});
