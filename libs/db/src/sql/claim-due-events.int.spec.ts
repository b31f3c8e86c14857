import type { Pool } from 'pg';
import type { Database } from '../database.ts';
import { newEvent, openSpecDatabase } from '../testing/spec-database.ts';
import { claimDueEvents } from './claim-due-events.ts';
import { insertWebhookEvents } from './insert-webhook-events.ts';

describe('claimDueEvents', () => {
  let database: Database;
  let pool: Pool;
  beforeEach(async () => {
    database = await openSpecDatabase();
    ({ pool } = database);
  });
  afterEach(() => database.close());

  /** Many events at once, due `agoSeconds` ago. */
  const fill = (count: number, webhookId: string, state: string, agoSeconds = '60') =>
    pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, next_attempt_at)
       SELECT gen_random_uuid(), ${webhookId}, 'package.created', 4, i::text, repeat('x', 200), '${state}',
              ${state === 'pending' ? `now() - make_interval(secs => ${agoSeconds})` : 'NULL'}
         FROM generate_series(1, ${count}) AS i`,
    );

  it('hands over the whole event, leased', async () => {
    const event = newEvent({ traceparent: '00-a-b-01' });
    const [inserted] = await insertWebhookEvents(pool, [event], 0);
    const [claimed, ...others] = await claimDueEvents(pool, [{ webhookId: 1, room: 5 }], 30);
    expect(others).toEqual([]);
    const { rows } = await pool.query<{ lease: number }>(
      'SELECT next_attempt_at AS lease FROM webhook_event',
    );
    expect(claimed).toEqual({
      id: inserted?.id,
      createdDate: inserted?.created_date,
      uuid: event.uuid,
      webhookId: 1,
      eventType: 'package.created',
      contentType: 4,
      objectId: '8812',
      payload: '{"pk":8812}',
      attempts: 0,
      cause: 'countdown',
      lease: rows[0]?.lease,
      traceparent: '00-a-b-01',
      lookupPath: null,
      ordered: false,
    });
    expect((claimed?.lease ?? 0) - (inserted?.next_attempt_at ?? 0)).toBeGreaterThanOrEqual(30e6);
  });

  it('takes nothing that is leased, finished or of another webhook', async () => {
    await insertWebhookEvents(pool, [newEvent()], 30);
    await insertWebhookEvents(pool, [newEvent({ webhookId: 2 })], 0);
    await fill(3, '1', 'delivered');
    expect(await claimDueEvents(pool, [{ webhookId: 1, room: 10 }], 30)).toEqual([]);
    expect(await claimDueEvents(pool, [], 30)).toEqual([]);
    expect(await claimDueEvents(pool, [{ webhookId: 2, room: 0 }], 30)).toEqual([]);
  });

  it('takes the oldest due first, and no more than a lane has room for', async () => {
    await fill(20, '1 + i % 2', 'pending', '100 - i');
    const lanes = [
      { webhookId: 1, room: 3 },
      { webhookId: 2, room: 5 },
    ];
    const first = await claimDueEvents(pool, lanes, 30);
    expect(first.filter(({ webhookId }) => webhookId === 1).map(({ objectId }) => objectId)).toEqual([
      '2',
      '4',
      '6',
    ]);
    expect(first.filter(({ webhookId }) => webhookId === 2).map(({ objectId }) => objectId)).toEqual([
      '1',
      '3',
      '5',
      '7',
      '9',
    ]);
    const second = await claimDueEvents(pool, lanes, 30);
    expect(second.filter(({ webhookId }) => webhookId === 1).map(({ objectId }) => objectId)).toEqual([
      '8',
      '10',
      '12',
    ]);
  });

  it('claims an event again once its lease has run out', async () => {
    await insertWebhookEvents(pool, [newEvent()], 0);
    const lane = [{ webhookId: 1, room: 1 }];
    const [first] = await claimDueEvents(pool, lane, 0);
    const [second] = await claimDueEvents(pool, lane, 30);
    expect(second).toMatchObject({ id: first?.id });
    expect(second?.lease).not.toBe(first?.lease);
  });

  it('shares due events between claimers that scan at the same moment', async () => {
    await fill(400, '1 + i % 4', 'pending', 'i % 7');
    const lanes = [1, 2, 3, 4].map((webhookId) => ({ webhookId, room: 15 }));
    const claimed: number[] = [];
    for (let round = 0; round < 20 && claimed.length < 400; round += 1) {
      const batches = await Promise.all(Array.from({ length: 8 }, () => claimDueEvents(pool, lanes, 300)));
      claimed.push(...batches.flat().map(({ id }) => id));
    }
    expect(claimed).toHaveLength(400);
    expect(new Set(claimed).size).toBe(400);
  });

  it('waits for nobody who holds an event', async () => {
    await fill(2, '1', 'pending', '100 - i');
    const holder = await pool.connect();
    await holder.query('BEGIN');
    await holder.query(`SELECT FROM webhook_event WHERE object_id = '1' FOR UPDATE`);
    const claimed = await claimDueEvents(pool, [{ webhookId: 1, room: 2 }], 30);
    await holder.query('ROLLBACK');
    holder.release();
    expect(claimed.map(({ objectId }) => objectId)).toEqual(['2']);
  });

  it('finds the one event of a lane beside ten thousand of another', async () => {
    await fill(10_000, '1', 'pending', '3600');
    await insertWebhookEvents(pool, [newEvent({ webhookId: 2 })], 0);
    const lanes = [
      { webhookId: 1, room: 10 },
      { webhookId: 2, room: 10 },
    ];
    const claimed = await claimDueEvents(pool, lanes, 30);
    expect(claimed.filter(({ webhookId }) => webhookId === 1)).toHaveLength(10);
    expect(claimed.filter(({ webhookId }) => webhookId === 2)).toHaveLength(1);
  });

  describe('never reads a partition from end to end, whatever the backlog', () => {
    interface PlanNode {
      'Node Type': string;
      'Relation Name'?: string;
      'Index Name'?: string;
      'Actual Loops': number;
      'Actual Rows': number;
      Plans?: PlanNode[];
    }
    const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

    /** What is executed on the partition that holds the events, planned for these values or for any. */
    async function executed(mode: 'custom' | 'generic', lanes: { webhookId: number; room: number }[]) {
      const sent: { text: string; values: unknown[] }[] = [];
      const spy = {
        query: (query: (typeof sent)[0]) => Promise.resolve({ rows: [], sent: sent.push(query) }),
      };
      await claimDueEvents(spy as unknown as Pool, lanes, 30);
      const client = await pool.connect();
      try {
        await client.query(`BEGIN; SET LOCAL plan_cache_mode = force_${mode}_plan`);
        await client.query(`PREPARE claim (int[], int[], float8) AS ${sent[0]?.text}`);
        const values = [lanes.map(({ webhookId }) => webhookId), lanes.map(({ room }) => room)];
        const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
          `EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE claim ('{${values[0]?.join()}}', '{${values[1]?.join()}}', 30)`,
        );
        await client.query('ROLLBACK; DEALLOCATE claim');
        const { rows: largest } = await client.query<{ name: string }>(
          `SELECT relname AS name FROM pg_class WHERE relname LIKE 'webhook_event_2%' AND relkind = 'r'
            ORDER BY relpages DESC LIMIT 1`,
        );
        return nodesOf(rows[0]!['QUERY PLAN'][0].Plan).filter(
          (node) => node['Relation Name'] === largest[0]?.name && node['Actual Loops'] > 0,
        );
      } finally {
        client.release();
      }
    }

    // A hash join once read all of the partition, because a tenth of every backlog was expected to be claimed.
    it.each([
      ['custom', 'one webhook owns every event', '1', '1'],
      ['generic', 'one webhook owns every event', '1', '1'],
      ['custom', 'the backlog is of many webhooks', '1 + i % 50', '1 + i % 50'],
      ['generic', 'the backlog is of many webhooks', '1 + i % 50', '1 + i % 50'],
      ['custom', 'finished events are of others', '1 + i % 3', '100 + i % 50'],
    ] as const)('(%s plan, %s)', async (mode, _, pendingOf, finishedOf) => {
      await fill(15_000, pendingOf, 'pending', '3600 - i % 1000');
      await fill(15_000, finishedOf, 'delivered');
      await pool.query('ANALYZE webhook_event');
      const lanes = Array.from({ length: 20 }, (_, lane) => ({ webhookId: lane + 1, room: 20 }));
      const nodes = await executed(mode, lanes);
      expect(nodes.map((node) => node['Node Type'])).not.toContain('Seq Scan');
      // Twice: to find what is due, and to lease it.
      expect(nodes.map((node) => node['Index Name'] ?? '').sort()).toEqual([
        expect.stringMatching(/_pkey$/),
        expect.stringMatching(/_webhook_id_next_attempt_at_idx$/),
        ...nodes.slice(2).map(() => expect.any(String) as unknown),
      ]);
    });
  });
});
