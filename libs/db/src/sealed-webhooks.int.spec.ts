import { randomUUID } from 'node:crypto';
import type { Webhook } from '@oms-webhooks/domain';
import { openDatabase, type Database } from './database.ts';
import { publisherAppEntity } from './entities/publisher-app.ts';
import { subscriptionEntity } from './entities/subscription.ts';
import { webhookEntity, type WebhookRow } from './entities/webhook.ts';
import { requireReadableSecrets, resealSecrets } from './sealed-webhooks.ts';
import { secretsOf } from './secrets.ts';
import { createTestDatabase } from './testing/template-database.ts';
import { WebhookCache } from './webhook-cache.ts';

const OLD = 'the old key of the house';
const NEW = 'the new key of the house';
const secretsGiven = {
  secretKey: 'swordfish',
  additionalHeaders: { Authorization: 'Bearer swordfish', 'X-Blank': '' },
  config: {
    ordered: true,
    auth: { auth_type: 'basic' as const, username: 'akinon', password: 'swordfish' },
  },
};

describe('stored secrets', () => {
  let url: string;
  let drop: () => Promise<void>;
  const open: Database[] = [];
  const withKey = async (key?: string): Promise<Database> => {
    const database = await openDatabase({
      url,
      applicationName: 'spec',
      poolSize: 3,
      secrets: secretsOf(key),
    });
    open.push(database);
    return database;
  };
  beforeEach(async () => {
    ({ url, drop } = await createTestDatabase());
    await (await withKey()).pool.query(`INSERT INTO account (name) VALUES ('akinon')`);
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((database) => database.close()));
    await drop();
  });

  const store = async ({ orm }: Database, settings: Partial<WebhookRow> = {}): Promise<number> => {
    const { identifiers } = await orm
      .createQueryBuilder()
      .insert()
      .into(webhookEntity)
      .values({
        accountId: 1,
        targetUrl: 'http://127.0.0.1/hook',
        eventType: 'package.created',
        retryCountdownConfig: { choice: 'fixed', kwargs: { seconds: 60 } },
        ...secretsGiven,
        ...settings,
      } as object)
      .execute();
    return (identifiers[0] as { id: number }).id;
  };
  const asStored = async (id: number): Promise<string> => {
    const { rows } = await open[0]!.pool.query<{ text: string }>(
      `SELECT w::text AS text FROM webhook w WHERE id = $1`,
      [id],
    );
    return rows[0]?.text ?? '';
  };
  const read = (database: Database, id: number): Promise<Webhook | undefined> =>
    new WebhookCache(database.orm).get(id);

  it('are encrypted in every place, and clear to whoever reads the webhook', async () => {
    const database = await withKey(OLD);
    const id = await store(database, { previousSecretKey: 'swordfish the first' });
    const text = await asStored(id);
    expect(text).not.toContain('swordfish');
    expect(text.match(/oms-secret:1:/g)).toHaveLength(5);
    expect(text).toContain('basic');
    expect(await read(database, id)).toMatchObject({
      ...secretsGiven,
      previousSecretKey: 'swordfish the first',
    });
  });

  it('stay as given without a key, and are read with one that comes later', async () => {
    const id = await store(await withKey());
    expect(await asStored(id)).toContain('swordfish');
    expect(await read(await withKey(OLD), id)).toMatchObject(secretsGiven);
  });

  it('reach nobody without their key, who is told so in words', async () => {
    const id = await store(await withKey(OLD));
    for (const key of [undefined, NEW]) {
      const database = await withKey(key);
      await expect(read(database, id)).rejects.toThrow(/encrypted with the key/);
      await expect(requireReadableSecrets(database)).rejects.toThrow(
        new RegExp(`^Webhook ${id}: A stored secret is encrypted with the key`),
      );
      await expect(resealSecrets(database)).rejects.toThrow(/^Webhook/);
    }
    await expect(requireReadableSecrets(await withKey(`${NEW},${OLD}`))).resolves.toBeUndefined();
  });

  it('are encrypted anew with the first key, without a change to be seen, and then without need of the old', async () => {
    const ids = [
      await store(await withKey()),
      await store(await withKey(OLD), { eventType: 'shipment.created' }),
      await store(await withKey(OLD), { eventType: 'package.deleted', secretKey: null, config: {} }),
    ];
    const rotating = await withKey(`${NEW},${OLD}`);
    const before = await Promise.all(ids.map((id) => read(rotating, id)));
    expect(await resealSecrets(rotating)).toBe(3);
    const after = await withKey(NEW);
    await requireReadableSecrets(after);
    expect(await Promise.all(ids.map((id) => read(after, id)))).toEqual(before);
    for (const id of ids) expect(await asStored(id)).not.toContain('swordfish');
  });

  it('are encrypted anew in batches, those of past overlaps forgotten', async () => {
    const database = await withKey(OLD);
    await database.pool.query(
      `INSERT INTO webhook (account_id, target_url, event_type, secret_key, previous_secret_key, previous_secret_until, retry_countdown_config)
       SELECT 1, 'http://127.0.0.1/' || n, 'package.created', 'new' || n, 'old' || n, now() + n % 2 * interval '1 hour' - interval '1 minute', '{}'
         FROM generate_series(1, 450) AS n`,
    );
    expect(await resealSecrets(database)).toBe(450);
    const { rows } = await database.pool.query(
      `SELECT count(*) AS all, count(*) FILTER (WHERE secret_key LIKE 'oms-secret:1:%') AS sealed,
              count(previous_secret_key) AS previous, count(previous_secret_until) AS until FROM webhook`,
    );
    expect(rows).toEqual([{ all: 450, sealed: 450, previous: 225, until: 225 }]);
    await requireReadableSecrets(database);
  });

  it('of subscriptions are kept in the same way', async () => {
    const old = await withKey(OLD);
    const id = randomUUID();
    await old.orm.getRepository(publisherAppEntity).insert({
      id,
      accountId: 1,
      name: 'users',
      permissions: [],
    });
    await old.orm.getRepository(subscriptionEntity).insert({
      id,
      accountId: 1,
      appId: id,
      topic: 'participant',
      targetUrl: 'http://127.0.0.1/hook',
      signatureKey: 'c3dvcmRmaXNo',
    });
    const stored = async () =>
      (await old.pool.query<{ key: string }>('SELECT signature_key AS key FROM subscription')).rows[0]?.key;
    const sealed = await stored();
    expect(sealed).toMatch(/^oms-secret:1:/);
    await expect(requireReadableSecrets(await withKey(NEW))).rejects.toThrow(`Subscription ${id}: A stored`);
    await resealSecrets(await withKey(`${NEW},${OLD}`));
    expect(await stored()).not.toBe(sealed);
    const after = await withKey(NEW);
    await requireReadableSecrets(after);
    expect(await after.orm.getRepository(subscriptionEntity).findOneBy({ id })).toMatchObject({
      signatureKey: 'c3dvcmRmaXNo',
    });
  });
});
