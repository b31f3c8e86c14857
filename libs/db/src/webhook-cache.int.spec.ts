import type { DataSource } from 'typeorm';
import type { Database } from './database.ts';
import { listen } from './listener.ts';
import { openSpecDatabase } from './testing/spec-database.ts';
import { WebhookCache } from './webhook-cache.ts';

describe('WebhookCache', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`INSERT INTO account (name) VALUES ('akinon')`);
  });
  afterAll(() => database.close());

  const create = async (name: string) => {
    const { rows } = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook (account_id, target_url, event_type, secret_key, retry_countdown_config, additional_headers)
       VALUES (1, $1, 'package.created', 'geheim', '{"choice":"fixed","kwargs":{"seconds":60}}', '{"X-B":"1","X-A":"2"}')
       RETURNING id`,
      [`http://127.0.0.1/${name}`],
    );
    return rows[0]!.id;
  };
  const deactivate = (id: number) =>
    database.pool.query('UPDATE webhook SET is_active = false WHERE id = $1', [id]);

  it('has a webhook as it is stored, instants in microseconds', async () => {
    const id = await create('stored');
    const webhook = await new WebhookCache(database.orm).get(id);
    const { rows } = await database.pool.query<{ created: number }>(
      'SELECT created_date AS created FROM webhook WHERE id = $1',
      [id],
    );
    expect(webhook).toEqual({
      id,
      accountId: 1,
      targetUrl: 'http://127.0.0.1/stored',
      isActive: true,
      secretKey: 'geheim',
      eventType: 'package.created',
      callback: null,
      retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 60 } },
      additionalHeaders: { 'X-B': '1', 'X-A': '2' },
      config: {},
      previousSecretKey: null,
      previousSecretUntil: null,
      disabledReason: null,
      subscriptionId: null,
      publishedEventId: null,
      customAttributes: true,
      permissionLost: false,
      createdDate: rows[0]?.created,
      modifiedDate: rows[0]?.created,
      deletedDate: null,
    });
    expect(Object.keys(webhook?.additionalHeaders ?? {})).toEqual(['X-B', 'X-A']);
  });

  it('reads once, and again when a notice of change, a clear or age says so', async () => {
    let now = 0;
    const id = await create('remembered');
    const cache = new WebhookCache(database.orm, () => now);
    expect(await cache.get(id)).toMatchObject({ isActive: true });
    await deactivate(id);

    now = 29_999;
    expect(await cache.get(id)).toMatchObject({ isActive: true });
    cache.changed(`token:${id}`);
    cache.changed(`webhook:${id + 1}`);
    expect(await cache.get(id)).toMatchObject({ isActive: true });
    now = 30_000;
    expect(await cache.get(id)).toMatchObject({ isActive: false });

    await database.pool.query('UPDATE webhook SET is_active = true WHERE id = $1', [id]);
    cache.changed(`webhook:${id}`);
    expect(await cache.get(id)).toMatchObject({ isActive: true });
    await deactivate(id);
    cache.clear();
    expect(await cache.get(id)).toMatchObject({ isActive: false });
  });

  it('hears from PostgreSQL that a webhook was changed', async () => {
    const id = await create('noticed');
    const cache = new WebhookCache(database.orm, () => 0);
    const controller = new AbortController();
    let heard = () => {};
    const notice = new Promise<void>((resolve) => (heard = resolve));
    const connected = new Promise<void>((onConnected) => {
      void listen({
        url: database.url,
        signal: controller.signal,
        channels: {
          oms_webhooks_changed: (payload) => {
            cache.changed(payload);
            heard();
          },
        },
        onConnected,
        pause: () => Promise.resolve(),
      });
    });
    await connected;
    expect(await cache.get(id)).toMatchObject({ isActive: true });
    await deactivate(id);
    await notice;
    expect(await cache.get(id)).toMatchObject({ isActive: false });
    controller.abort();
  });

  it('asks PostgreSQL once for callers at the same moment', async () => {
    const id = await create('together');
    const cache = new WebhookCache(database.orm);
    const [one, other] = await Promise.all([cache.get(id), cache.get(id)]);
    expect(one).toBe(other);
  });

  it('does not remember that a webhook is not there', async () => {
    const cache = new WebhookCache(database.orm, () => 0);
    const id = (await create('last')) + 1;
    expect(await cache.get(id)).toBeUndefined();
    expect(await create('next')).toBe(id);
    expect(await cache.get(id)).toMatchObject({ targetUrl: 'http://127.0.0.1/next' });
  });

  it('does not remember a failure', async () => {
    const id = await create('failing');
    let failures = 1;
    const flaky = {
      getRepository: (entity: never) => {
        if (failures-- > 0) return { findOneBy: () => Promise.reject(new Error('PostgreSQL is away')) };
        return database.orm.getRepository(entity);
      },
    } as unknown as DataSource;
    const cache = new WebhookCache(flaky, () => 0);
    await expect(cache.get(id)).rejects.toThrow('PostgreSQL is away');
    expect(await cache.get(id)).toMatchObject({ id });
  });

  it('does not keep what was read before a change but arrived after its notice', async () => {
    const id = await create('racing');
    let answer = () => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    const slow = {
      getRepository: (entity: never) => ({
        findOneBy: async (where: never) => {
          const row: unknown = await database.orm.getRepository(entity).findOneBy(where);
          await held;
          return row;
        },
      }),
    } as unknown as DataSource;
    const cache = new WebhookCache(slow, () => 0);
    const early = cache.get(id);
    await deactivate(id);
    cache.changed(`webhook:${id}`);
    answer();
    await early;
    expect(await cache.get(id)).toMatchObject({ isActive: false });
  });
});
