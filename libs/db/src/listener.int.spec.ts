import { getEventListeners } from 'node:events';
import pg from 'pg';
import type { Database } from './database.ts';
import { listen } from './listener.ts';
import { openSpecDatabase } from './testing/spec-database.ts';

/** A queue that a spec reads from, waiting for what has not come yet. */
function mailbox<Item>() {
  const items: Item[] = [];
  let arrived = () => {};
  return {
    put(item: Item) {
      items.push(item);
      arrived();
    },
    async take(): Promise<Item> {
      while (items.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
      return items.shift() as Item;
    },
  };
}

describe('listen', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(() => database.close());

  /** Listens until `stop`; pauses end when the spec takes them. */
  function listening(url = database.url) {
    const controller = new AbortController();
    const notices = mailbox<string>();
    const connections = mailbox<'connected'>();
    const pauses = mailbox<{ ms: number; end: () => void }>();
    const ended = listen({
      url,
      signal: controller.signal,
      channels: {
        oms_webhooks_due: (payload) => notices.put(`due ${payload}`),
        oms_webhooks_changed: (payload) => notices.put(`changed ${payload}`),
      },
      onConnected: () => connections.put('connected'),
      pause: (ms, signal) =>
        new Promise<void>((resolve) => {
          const end = () => {
            signal.removeEventListener('abort', end);
            resolve();
          };
          signal.addEventListener('abort', end);
          pauses.put({ ms, end });
        }),
    });
    return {
      notices,
      connections,
      pauses,
      signal: controller.signal,
      async stop() {
        controller.abort();
        await ended;
      },
    };
  }
  const notify = (channel: string, payload: string) =>
    database.pool.query('SELECT pg_notify($1, $2)', [channel, payload]);
  const terminateListeners = () =>
    database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
    );

  it('hands over notices of each channel, and ends with the signal', async () => {
    const listener = listening();
    await listener.connections.take();
    await notify('oms_webhooks_due', '1,2');
    await notify('oms_webhooks_changed', 'webhook:12');
    expect(await listener.notices.take()).toBe('due 1,2');
    expect(await listener.notices.take()).toBe('changed webhook:12');
    await listener.stop();
  });

  it('hears of every change of a webhook or token, whoever makes it', async () => {
    const listener = listening();
    await listener.connections.take();
    await database.pool.query(`
      INSERT INTO account (name) VALUES ('akinon');
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config)
        VALUES (12, 1, 'http://127.0.0.1/', 'package.created', '{}');
      UPDATE webhook SET is_active = false;
      INSERT INTO token (account_id, key_hash) VALUES (1, 'x');
      DELETE FROM webhook`);
    // PostgreSQL folds equal notices of one transaction into one.
    expect(await listener.notices.take()).toBe('changed webhook:12');
    expect(await listener.notices.take()).toBe('changed token:1');
    await listener.stop();
  });

  it('connects again after its backend is terminated, and says so', async () => {
    const listener = listening();
    await listener.connections.take();
    await terminateListeners();
    const pause = await listener.pauses.take();
    expect(pause.ms).toBeGreaterThan(0);
    pause.end();
    expect(await listener.connections.take()).toBe('connected');
    await notify('oms_webhooks_due', '7');
    expect(await listener.notices.take()).toBe('due 7');
    await listener.stop();
  });

  // One listener on the signal was left behind by each attempt: a warning after ten, memory after a night.
  it('leaves nothing behind on the signal, however often it had to connect', async () => {
    const away = new URL(database.url);
    away.port = '1';
    const listener = listening(away.href);
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const pause = await listener.pauses.take();
      pause.end();
    }
    await listener.pauses.take();
    // The one of the pause itself.
    expect(getEventListeners(listener.signal, 'abort')).toHaveLength(1);
    await listener.stop();
  });

  it('ends when the signal aborts while it connects or pauses', async () => {
    await listening().stop();
    const away = new URL(database.url);
    away.port = '1';
    const listener = listening(away.href);
    await listener.pauses.take();
    await listener.stop();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    // A closed connection's backend goes a moment later.
    for (let left = 1; left > 0;) {
      const { rowCount } = await client.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`,
      );
      left = rowCount ?? 0;
    }
    await client.end();
  });
});
