import { resendTaskEntity, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import type { Caller } from '@oms-webhooks/http';
import { nextStepIn, resendStep } from './resend-step.ts';
import { ResendTaskStore } from './resend-task-store.ts';

const caller: Caller = { accountId: 1, account: 'shop', superuser: false, roles: [], app: null, tokenId: 1 };
const contentTypes = { package: { id: 4, path: '/packages/{pk}/' } };
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('a step of a bulk resend', () => {
  let database: Database;
  let store: ResendTaskStore;
  beforeAll(async () => {
    database = await openSpecDatabase();
    store = new ResendTaskStore(database.orm);
    // Every resend leaves a line, so that two of one event show.
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('shop'), ('other');
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config, is_active)
      VALUES (1, 1, 'http://127.0.0.1:9/', 'package.created', '{}', true),
             (2, 1, 'http://127.0.0.1:9/2', 'package.created', '{}', false),
             (3, 2, 'http://127.0.0.1:9/3', 'package.created', '{}', true);
      CREATE TABLE resent (event_id bigint, at timestamptz DEFAULT clock_timestamp());
      CREATE FUNCTION note_resent() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN INSERT INTO resent VALUES (NEW.id); RETURN NULL; END $$;
      CREATE TRIGGER resent AFTER UPDATE ON webhook_event FOR EACH ROW EXECUTE FUNCTION note_resent()`);
  });
  beforeEach(() => database.pool.query('TRUNCATE resent, resend_task; DELETE FROM webhook_event'));
  afterAll(async () => {
    await database.close();
  });

  async function addEvents(count: number, { webhook = 1, state = 'exhausted', objectId = '1' } = {}) {
    const { rows } = await database.pool.query<{ id: number }>(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts)
       SELECT gen_random_uuid(), $2, 'package.created', 4, $4, '{}', $3, 19 FROM generate_series(1, $1) RETURNING id`,
      [count, webhook, state, objectId],
    );
    return rows.map(({ id }) => id);
  }
  const begin = async (filters: Record<string, string>, rate = 10_000, by = caller) =>
    store.create(
      by,
      { filters, rate, dryRun: false },
      { lastId: await store.lastEvent(), count: 0, estimated: false },
    );
  const step = () => resendStep({ orm: database.orm, contentTypes, log });
  /** As if every pause were over. */
  const makeDue = () =>
    database.pool.query('UPDATE resend_task SET next_step_date = now() WHERE next_step_date IS NOT NULL');
  async function finish() {
    while (await step()) await makeDue();
  }
  const task = (id: number) => database.orm.getRepository(resendTaskEntity).findOneByOrFail({ id });
  async function resent() {
    const { rows } = await database.pool.query<{ event_id: number }>(
      'SELECT event_id FROM resent ORDER BY at',
    );
    return rows.map(({ event_id }) => event_id);
  }

  it('does nothing where there is no task', async () => {
    expect(await step()).toBe(false);
    expect(await nextStepIn(database.orm)).toBeUndefined();
  });

  it('resends half a second of its rate, oldest first, then waits for its turn', async () => {
    const events = await addEvents(7);
    const id = await begin({ state: 'exhausted' }, 4);
    await step();
    expect(await resent()).toEqual(events.slice(0, 2));
    expect(await task(id)).toMatchObject({ state: 'WORKING', done: 2, failed: 0 });
    expect(await step()).toBe(false);
    expect(await nextStepIn(database.orm)).toBeGreaterThan(0);
    await makeDue();
    await finish();
    expect(await resent()).toEqual(events);
    expect(await task(id)).toMatchObject({ state: 'FINISHED', total: 7, done: 7, nextStepDate: null });
  });

  it('resends each event once, however many replicas do steps at once', async () => {
    const events = await addEvents(300);
    const ids = [await begin({ state: 'exhausted', webhook: '1' }, 40), await begin({ webhook: '1' }, 40)];
    while ((await Promise.all([step(), step(), step()])).some(Boolean)) await makeDue();
    const counts = new Map<number, number>();
    for (const id of await resent()) counts.set(id, (counts.get(id) ?? 0) + 1);
    // The second task may find those that the first one has resent before.
    expect([...counts.keys()].sort((a, b) => a - b)).toEqual(events);
    expect(Math.max(...counts.values())).toBe(2);
    expect((await task(ids[1] ?? 0)).done).toBe(300);
  });

  it('leaves alone what came after its beginning, what is of another account and what does not match', async () => {
    const [wanted] = await addEvents(1);
    await addEvents(1, { webhook: 3 });
    await addEvents(1, { state: 'delivered' });
    await addEvents(1, { objectId: '2' });
    const id = await begin({ state: 'exhausted', object_id: '1' });
    await addEvents(2);
    await finish();
    expect(await resent()).toEqual([wanted]);
    expect((await task(id)).done).toBe(1);
  });

  it('takes the events of every account for a superuser', async () => {
    await addEvents(1);
    await addEvents(1, { webhook: 3 });
    await begin({}, 100, { ...caller, superuser: true });
    await finish();
    expect(await resent()).toHaveLength(2);
  });

  it('counts events of inactive webhooks as failed', async () => {
    await addEvents(2);
    await addEvents(3, { webhook: 2 });
    const id = await begin({});
    await finish();
    expect(await task(id)).toMatchObject({ state: 'FINISHED', total: 5, done: 2, failed: 3 });
  });

  it('finds its way over stretches of ids without a match', async () => {
    const [first] = await addEvents(1);
    await database.pool.query(
      `SELECT setval('webhook_event_id_seq', nextval('webhook_event_id_seq') + 20000)`,
    );
    const [last] = await addEvents(1);
    await begin({ state: 'exhausted' });
    await finish();
    expect(await resent()).toEqual([first, last]);
  });

  it('does no step of an aborted task, and keeps its figures', async () => {
    await addEvents(5);
    const id = await begin({}, 2);
    await step();
    expect(await store.abort(caller, id)).toMatchObject({ state: 'ABORTED', done: 1 });
    await makeDue();
    expect(await step()).toBe(false);
    expect(await resent()).toHaveLength(1);
    expect(await store.abort(caller, id)).toMatchObject({ state: 'ABORTED' });
  });

  it('fails in words when its filters mean nothing any more', async () => {
    await addEvents(1);
    const id = await begin({ model: 'parcel' });
    await finish();
    const { state, error } = await task(id);
    expect(state).toBe('FAILED');
    expect(error).toContain('Select a valid choice. parcel');
  });

  it('tries a step again that went wrong, and gives up after the fifth', async () => {
    await addEvents(1);
    const id = await begin({});
    await database.pool.query(`ALTER TABLE resent RENAME TO resent_elsewhere`);
    try {
      for (let faults = 1; faults <= 4; faults += 1) {
        expect(await step()).toBe(true);
        expect(await task(id)).toMatchObject({ state: 'READY', faults, done: 0 });
        await makeDue();
      }
      await step();
      expect(await task(id)).toMatchObject({ state: 'FAILED', error: 'A fault of ours; the log has more.' });
    } finally {
      await database.pool.query(`ALTER TABLE resent_elsewhere RENAME TO resent`);
    }
  });
});
