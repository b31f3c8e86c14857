import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '@oms-webhooks/db';
import { closingInReverse, pause, type Life } from '@oms-webhooks/lifecycle';
import { embeddedPostgres } from './embedded-postgres.ts';
import { startDatabase } from './local-database.ts';
import { freePort } from './ports.ts';
import { createTerminal } from './terminal.ts';

const log = { info() {}, warn() {}, error() {} };

describe('the embedded database', () => {
  let dataDir: string;
  let told: string;
  const terminal = createTerminal((text) => (told += text), false);
  const lives: { closeAll: () => Promise<void> }[] = [];

  beforeAll(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'local-database-'));
    chmodSync(dataDir, 0o755);
  });
  beforeEach(() => {
    told = '';
  });
  afterEach(async () => {
    for (const life of lives.splice(0)) await life.closeAll();
  });
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

  async function start(): Promise<string> {
    const closing = closingInReverse({ log });
    lives.push(closing);
    const life: Life = {
      onClose: closing.onClose,
      signal: new AbortController().signal,
      end: () => undefined,
    };
    return startDatabase(dataDir, terminal, life);
  }
  async function query(url: string, sql: string): Promise<unknown> {
    const database = await openDatabase({ url, applicationName: 'spec', poolSize: 1 });
    try {
      return ((await database.pool.query(sql)).rows as unknown[])[0];
    } finally {
      await database.close();
    }
  }
  const postmasterPid = () =>
    Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

  it('is made at the first start, and knows all of Unicode', async () => {
    const url = await start();
    expect(
      await query(url, `SELECT lower('ŞÉ') AS low, current_setting('server_encoding') AS encoding`),
    ).toEqual({
      low: 'şé',
      encoding: 'UTF8',
    });
    await query(url, 'CREATE TABLE kept (n int)');
  });

  it('finds its data and its port again', async () => {
    const url = await start();
    expect(await query(url, 'SELECT count(*)::int AS n FROM kept')).toEqual({ n: 0 });
    expect(told).not.toContain('making a PostgreSQL database');
  });

  it('starts again when it is killed hard', async () => {
    await start();
    const killed = postmasterPid();
    process.kill(killed, 'SIGKILL');
    for (let n = 0; n < 200 && !told.includes('PostgreSQL runs again'); n++) await pause(50);
    expect(told).toContain('PostgreSQL was killed by SIGKILL; it starts again');
    expect(told).toContain('PostgreSQL runs again');
  });

  it('stops the server that a killed run has left behind, and starts anew', async () => {
    // A server that nobody supervises, as after a hard kill of `npm start`.
    const { signal } = new AbortController();
    const port = await freePort();
    let ended: Promise<void> | undefined;
    await new Promise<void>((onReady) => {
      const { worker } = embeddedPostgres({ dataDir, port, tell: terminal.tell, onReady });
      ended = worker.run(signal).catch(() => undefined);
    });
    const orphan = postmasterPid();
    const url = await start();
    expect(told).toContain(`stopping the PostgreSQL that an earlier run left behind (pid ${orphan})`);
    expect(await query(url, 'SELECT 1 AS one')).toEqual({ one: 1 });
    await ended;
  });

  it('is not stopped by a pid file whose pid is now another process', async () => {
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n${dataDir}/postgres\n`);
    const url = await start();
    expect(await query(url, 'SELECT 1 AS one')).toEqual({ one: 1 });
  });
});
