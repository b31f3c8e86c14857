import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { Caller } from '@oms-webhooks/http';
import { applyEventFilters, visibleEvents } from './event-filters.ts';

const UUID = '5f0c6a7e-3b0e-4f7c-9a53-0c9c8e1d2f3a';

describe('the search of events', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('admin');
      INSERT INTO webhook (account_id, target_url, event_type, retry_countdown_config)
      SELECT id, 'http://127.0.0.1:9/', 'package.created', '{}' FROM account;
      INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload)
      SELECT uuid, id, event_type, 4, object_id, '{}'
        FROM webhook, (VALUES ('${UUID}'::uuid, '5f0c'), (gen_random_uuid(), 'abcdef0123')) AS v (uuid, object_id)`);
  });
  afterAll(async () => {
    await database.close();
  });

  async function search(q: string) {
    const caller: Caller = {
      accountId: 1,
      account: 'admin',
      superuser: true,
      roles: [],
      app: null,
      tokenId: 1,
    };
    const query = visibleEvents(database.orm, caller);
    await applyEventFilters(query, new URLSearchParams({ q }), caller, {});
    const objects = (await query.orderBy('e.id').getMany()).map(({ objectId }) => objectId);
    return { objects, byUuid: query.getQuery().includes('BETWEEN') };
  }

  it.each([UUID, UUID.toUpperCase(), UUID.replaceAll('-', ''), '5f0c6a7e', '5f0c6a7e-3b'])(
    'finds by %s, a uuid or its beginning',
    async (q) => {
      expect((await search(q)).objects).toEqual(['5f0c']);
    },
  );

  it('finds an object whose id could begin a uuid', async () => {
    expect((await search('abcdef0123')).objects).toEqual(['abcdef0123']);
  });

  it.each([
    ['5f0c', ['5f0c']],
    ['5f0c6a7', []],
    ['no digits', []],
  ])('takes %s, too short for a uuid, for an object id alone', async (q, objects) => {
    expect(await search(q)).toEqual({ objects, byUuid: false });
  });
});
