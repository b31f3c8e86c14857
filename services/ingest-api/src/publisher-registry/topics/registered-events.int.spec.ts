import { listen, type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { pause } from '@oms-webhooks/lifecycle';
import { eventually } from '../../../../../tests/environment/target.ts';
import { RegisteredEvents } from './registered-events.ts';

const APP = '8a1f6f0e-8f4e-4f4b-9a51-0d2a3c1b7e11';

describe('Registered events', () => {
  let database: Database;
  const errors: unknown[] = [];
  const ignore = () => undefined;
  const log = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (_: string, fields?: object) => void errors.push(fields),
  };
  beforeAll(async () => {
    database = await openSpecDatabase();
    await database.pool.query(`INSERT INTO account (name) VALUES ('publisher')`);
    await database.pool.query(
      `INSERT INTO publisher_app (id, account_id, tenant, name, permissions)
       SELECT $1, id, 'acme', 'app', '[]' FROM account`,
      [APP],
    );
  });
  afterAll(async () => {
    await database.close();
  });

  const register = (name: string, eventType: string, filterLogic: unknown = null) =>
    database.pool.query(
      `INSERT INTO published_event (app_id, topic, name, type, description, event_type, filter_logic)
       VALUES ($1, 'entity', $2, 't', '', $3, $4)`,
      [APP, name, eventType, filterLogic === null ? null : JSON.stringify(filterLogic)],
    );
  const namesIn = async (events: RegisteredEvents, eventType: string) =>
    (await events.of('entity', eventType)).map(({ name, tenant }) => `${tenant} ${name}`);

  it('are seen at once where there were none, and after a notice where there were some', async () => {
    const events = new RegisteredEvents(database.pool, log, () => 0);
    const stopping = new AbortController();
    let connected = false;
    const listening = listen({
      url: database.url,
      signal: stopping.signal,
      pause,
      channels: { oms_webhooks_changed: (notice) => events.changed(notice) },
      onConnected: () => (connected = true),
    });
    await eventually(() => connected);
    expect(await namesIn(events, 'T')).toEqual([]);
    await register('one', 'T');
    expect(await namesIn(events, 'T')).toEqual(['acme one']);
    await register('two', 'T');
    await eventually(async () => (await namesIn(events, 'T')).length === 2, { what: 'the notice' });
    expect(await events.of('container', 'T')).toEqual([]);
    stopping.abort();
    await listening;
  });

  it('are read again after two seconds, should a notice be lost', async () => {
    let now = 0;
    const events = new RegisteredEvents(database.pool, log, () => now);
    await register('a', 'Aged');
    expect(await namesIn(events, 'Aged')).toEqual(['acme a']);
    await register('b', 'Aged');
    now = 1999;
    expect(await namesIn(events, 'Aged')).toEqual(['acme a']);
    now = 2000;
    expect(await namesIn(events, 'Aged')).toEqual(['acme a', 'acme b']);
  });

  it('let nothing through when their logic is none that is taken', async () => {
    const events = new RegisteredEvents(database.pool, log);
    await register('bad', 'Broken', { launch: ['missiles'] });
    await register('good', 'Broken', { '===': [1, 1] });
    expect(await namesIn(events, 'Broken')).toEqual(['acme good']);
    expect(errors).toHaveLength(1);
  });

  it('are none for a type that PostgreSQL could not have', async () => {
    const events = new RegisteredEvents(database.pool, log);
    expect(await events.of('entity', 'a\0b')).toEqual([]);
    expect(await events.of('entity', 'x'.repeat(125))).toEqual([]);
  });
});
