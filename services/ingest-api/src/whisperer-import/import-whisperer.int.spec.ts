import { openDatabase, secretsOf, type Database } from '@oms-webhooks/db';
import { createTestDatabase } from '@oms-webhooks/db/testing';
import { fillWhisperer } from '../testing/whisperer-tables.ts';
import { importWhisperer } from './import-whisperer.ts';
import { openWhispererSource } from './whisperer-source.ts';

describe('the import from dj-whisperer', () => {
  let source: Awaited<ReturnType<typeof createTestDatabase>>;
  let here: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Database;
  beforeEach(async () => {
    [source, here] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    await fillWhisperer(source.url);
    const secrets = secretsOf('a-key-of-sixteen-or-more');
    database = await openDatabase({ url: here.url, applicationName: 'spec', poolSize: 2, secrets });
  });
  afterEach(async () => {
    await database.close();
    await Promise.all([source.drop(), here.drop()]);
  });

  async function run(changes: { writes?: boolean; takeOver?: boolean } = {}) {
    const said: string[] = [];
    const tables = await openWhispererSource({
      url: source.url,
      usersTable: 'auth_user',
      userNameColumn: 'username',
      days: 84,
    });
    try {
      const say = (words: string) => void said.push(words);
      await importWhisperer(tables, database, {
        writes: true,
        takeOver: false,
        say,
        progress: () => {},
        ...changes,
      });
    } finally {
      await tables.close();
    }
    return said;
  }
  const rowsOf = async (statement: string) =>
    (await database.pool.query<Record<string, unknown>>(statement)).rows;
  const states = () =>
    rowsOf(
      'SELECT right(uuid::text, 1) AS event, state, next_attempt_at <= now() AS due FROM webhook_event ORDER BY uuid',
    );

  it('only tells what there is, unless told to write', async () => {
    expect(await run({ writes: false })).toEqual([
      'dj-whisperer has 2 webhooks of 2 accounts, 3 events, and 1 that are too old.',
      'Nothing is changed; --yes imports them.',
    ]);
    expect(await rowsOf('SELECT id FROM webhook UNION ALL SELECT id FROM account')).toEqual([]);
  });

  it('takes webhooks with their ids and secrets, and events with what happened to them', async () => {
    expect((await run()).slice(1)).toEqual([
      'Webhooks: 2 created, 0 were here.',
      'Events: 3 created, 0 were here.',
    ]);
    expect(
      await rowsOf(
        'SELECT w.id, name, target_url, event_type, is_active, callback, secret_key, config::text FROM webhook w JOIN account a ON a.id = account_id ORDER BY w.id',
      ),
    ).toEqual([
      expect.objectContaining({
        id: 7,
        name: 'shop',
        event_type: 'package.created',
        is_active: true,
        secret_key: expect.not.stringContaining('example-secret'),
      }),
      expect.objectContaining({
        id: 9,
        name: 'other',
        event_type: 'order.paid',
        is_active: false,
        callback: 'app.done',
        config: expect.not.stringContaining('"p"'),
      }),
    ]);
    const [event] =
      await rowsOf(`SELECT webhook_id, event_type, content_type, object_id, payload, state, attempts, response_http_status,
      convert_from(response_content, 'UTF8') AS content, cardinality(request_datetimes) AS requests, modified_date - created_date = interval '1.000005 second' AS micros
      FROM webhook_event WHERE uuid = '00000000-0000-4000-8000-000000000001'`);
    expect(event).toEqual({
      webhook_id: 7,
      event_type: 'package-created',
      content_type: 4,
      object_id: '8812',
      payload: '{"pk": 8812}',
      state: 'delivered',
      attempts: 2,
      response_http_status: 200,
      content: 'ş',
      requests: 2,
      micros: true,
    });
    expect(await states()).toEqual([
      { event: '1', state: 'delivered', due: null },
      { event: '2', state: 'exhausted', due: null },
      { event: '3', state: 'exhausted', due: null },
    ]);
    expect(
      await rowsOf(`SELECT last_error FROM webhook_event WHERE state = 'exhausted' ORDER BY uuid`),
    ).toEqual([{ last_error: 'Read timed out.' }, { last_error: 'The target answered 503.' }]);
  });

  it('changes nothing when it is run again', async () => {
    await run();
    const before = await rowsOf('SELECT * FROM webhook_event ORDER BY id');
    expect((await run()).slice(1)).toEqual([
      'Webhooks: 0 created, 2 were here.',
      'Events: 0 created, 3 were here.',
    ]);
    expect(await rowsOf('SELECT * FROM webhook_event ORDER BY id')).toEqual(before);
  });

  it('attempts what is not delivered, if it takes over; not for inactive webhooks', async () => {
    await run({ takeOver: true });
    expect(await states()).toEqual([
      { event: '1', state: 'delivered', due: null },
      { event: '2', state: 'retrying', due: true },
      { event: '3', state: 'exhausted', due: null },
    ]);
  });

  it('gives a webhook another id where its own is taken, says so, and lets new ones follow', async () => {
    const add = `INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
      SELECT id, 'https://c.example/', 'package.created', '{}' FROM account WHERE name = 'mine' RETURNING id`;
    await database.pool.query(
      `INSERT INTO account (name) VALUES ('mine'); SELECT setval('webhook_id_seq', 6); ${add}`,
    );
    expect((await run())[2]).toBe('Webhook 7 has the id 8 here: publish to that one.');
    expect(await rowsOf('SELECT DISTINCT webhook_id FROM webhook_event ORDER BY 1')).toEqual([
      { webhook_id: 8 },
      { webhook_id: 9 },
    ]);
    const again = add.replace('c.example', 'd.example');
    expect(await rowsOf(again)).toEqual([{ id: 10 }]);
  });
});
