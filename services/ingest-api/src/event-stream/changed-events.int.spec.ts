import { settledInstant, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { applyEventFilters, visibleEvents } from '../webhook-events/event-filters.ts';
import { ChangedEvents } from './changed-events.ts';

const scope = { accountId: 1, superuser: false };

describe('events that have changed', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('shop'), ('other');
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config)
      VALUES (1, 1, 'http://127.0.0.1:9/', 'package.created', '{}'), (2, 2, 'http://127.0.0.1:9/', 'package.created', '{}')`);
  });
  beforeEach(() => database.pool.query('DELETE FROM webhook_event'));
  afterAll(async () => {
    await database.close();
  });

  const insert = `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload)
    SELECT gen_random_uuid(), $2, 'package.created', 4, n, '{}' FROM generate_series(1, $1) AS n RETURNING id`;
  async function addEvents(
    count: number,
    webhook = 1,
    client: Pick<Database['pool'], 'query'> = database.pool,
  ) {
    const { rows } = await client.query<{ id: number }>(insert, [count, webhook]);
    return rows.map(({ id }) => id);
  }
  async function follow(parameters: Record<string, string> = {}, since?: number) {
    const query = visibleEvents(database.orm, scope);
    await applyEventFilters(query, new URLSearchParams(parameters), scope, {});
    return new ChangedEvents(database.pool, query, since ?? (await settledInstant(database.pool)));
  }
  async function told(changes: ChangedEvents) {
    const found: string[] = [];
    for await (const { event } of changes.next()) found.push(`${event.id} ${event.state}`);
    return found;
  }
  const pending = (ids: number[]) => ids.map((id) => `${id} pending`);

  it('are told once each time that they change, as they are then', async () => {
    const changes = await follow();
    const [one = 0, other = 0] = await addEvents(2);
    expect(await told(changes)).toEqual(pending([one, other]));
    expect(await told(changes)).toEqual([]);
    await database.pool.query(
      `UPDATE webhook_event SET state = 'retrying', modified_date = now() WHERE id = $1`,
      [one],
    );
    await database.pool.query(
      `UPDATE webhook_event SET state = 'delivered', modified_date = now() WHERE id = $1`,
      [one],
    );
    expect(await told(changes)).toEqual([`${one} delivered`]);
    expect(await told(changes)).toEqual([]);
  });

  it('are told all, however many there are', async () => {
    const changes = await follow();
    const ids = await addEvents(357);
    expect(await told(changes)).toEqual(pending(ids));
    expect(await told(changes)).toEqual([]);
  });

  it('are told when their transaction commits after later ones', async () => {
    const changes = await follow();
    const slow = await database.pool.connect();
    await slow.query('BEGIN');
    const late = await addEvents(1, 1, slow);
    const early = await addEvents(1);
    expect(await told(changes)).toEqual(pending(early));
    const before = changes.position;
    expect(await told(changes)).toEqual([]);
    await slow.query('COMMIT');
    slow.release();
    // Who was cut off meanwhile begins at the position, and is told of both.
    expect(await told(await follow({}, before))).toEqual(pending([...late, ...early].sort((a, b) => a - b)));
    expect(await told(changes)).toEqual(pending(late));
    expect(await told(changes)).toEqual([]);
  });

  it('are those of the caller that pass the filters', async () => {
    const changes = await follow({ object_id: '2' });
    const [, second = 0] = await addEvents(3);
    await addEvents(3, 2);
    expect(await told(changes)).toEqual(pending([second]));
  });

  it('can be followed from any message on', async () => {
    const changes = await follow();
    await addEvents(3);
    const positions: number[] = [];
    for await (const { position } of changes.next()) positions.push(position);
    const [later = 0] = await addEvents(1);
    for (const position of positions)
      expect(await told(await follow({}, position))).toContain(`${later} pending`);
  });
});
