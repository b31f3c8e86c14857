import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEmptyDatabase } from '@oms-webhooks/db/testing';
import { fillWhisperer } from '../../services/ingest-api/src/testing/whisperer-tables.ts';
import { freePort } from '../environment/free-port.ts';
import { eventually } from '../environment/target.ts';
import { startCommand, type RunningCommand } from './command-line.ts';

// Each command begins by looking whether everything is built.
jest.setTimeout(240_000);
const LIMIT_MS = 180_000;

type EmptyDatabase = Awaited<ReturnType<typeof createEmptyDatabase>>;

describe('The command line, for who moves from dj-whisperer to a machine of their own', () => {
  let here: EmptyDatabase;
  let whisperer: EmptyDatabase;
  let dataDir: string;
  let environment: Record<string, string>;
  let started: RunningCommand | undefined;
  beforeAll(async () => {
    [here, whisperer, dataDir] = await Promise.all([
      createEmptyDatabase(),
      createEmptyDatabase(),
      mkdtemp(join(tmpdir(), 'oms-data-')),
    ]);
    await fillWhisperer(whisperer.url);
    environment = {
      DATABASE_URL: here.url,
      DATA_DIR: dataDir,
      PORT: String(await freePort()),
      DISPATCHER_PORT: String(await freePort()),
    };
  });
  afterAll(async () => {
    started?.signal('SIGTERM');
    await started?.ended;
    await Promise.all([here.drop(), whisperer.drop(), rm(dataDir, { recursive: true })]);
  });

  const run = (...args: string[]) => startCommand(args, environment).ended;

  it('migrates an empty database, and finds nothing to do the second time', async () => {
    const first = await run('migrate');
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('migrated: Initial')]);
    const second = await run('migrate');
    expect([second.code, second.stdout]).toEqual([0, expect.stringContaining('the database is up to date')]);
  });

  it('imports webhooks and events, after a look at what would come', async () => {
    const look = await run('import-whisperer', '--from', whisperer.url);
    expect([look.code, look.stdout]).toEqual([
      0,
      'dj-whisperer has 2 webhooks of 2 accounts, 3 events, and 1 that are too old.\n' +
        'Nothing is changed; --yes imports them.\n',
    ]);
    const done = await run('import-whisperer', '--from', whisperer.url, '--yes');
    expect([done.code, done.stdout]).toEqual([
      0,
      expect.stringContaining('Webhooks: 2 created, 0 were here.\nEvents: 3 created, 0 were here.\n'),
    ]);
    const nowhere = new URL(whisperer.url);
    nowhere.pathname = '/no-such-database';
    const failed = await run('import-whisperer', '--from', nowhere.href, '--yes');
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('The import failed: ')]);
    expect((await run('import-whisperer')).code).toBe(2);
  });

  it('starts the system, which has what was imported, and which the doctor finds well', async () => {
    const system = (started = startCommand(['start'], environment));
    let ended = false;
    void system.ended.then(() => (ended = true));
    await eventually(() => ended || system.output.stdout.includes('oms-webhooks is running.'), {
      withinMs: LIMIT_MS,
      what: 'the system running',
    });
    expect([ended, system.output.stderr]).toEqual([false, expect.not.stringContaining('rror')]);

    // Without an address or a token: those of this machine.
    const webhooks = await run('webhooks', 'list');
    expect([webhooks.code, webhooks.stdout]).toEqual([
      0,
      expect.stringMatching(/^7 .*https:\/\/a\.example\//m),
    ]);
    expect(webhooks.stdout).toMatch(/^9 .*https:\/\/b\.example\//m);
    const events = await run('--json', 'events', 'list', '--state', 'exhausted');
    expect(JSON.parse(events.stdout)).toMatchObject({ count: 2 });

    const well = await run('doctor');
    expect([well.code, well.stderr]).toEqual([0, 'Nothing is wrong.\n']);

    const second = await run('start');
    expect([second.code, second.stderr + second.stdout]).toEqual([
      1,
      expect.stringContaining('it runs already here'),
    ]);
  });

  it('stops it, and leaves nothing that answers', async () => {
    started?.signal('SIGINT');
    expect(await started?.ended).toMatchObject({ code: 0 });
    expect((await run('webhooks', 'list')).code).toBe(69);
    const unwell = await run('doctor', '--json');
    const findings = JSON.parse(unwell.stdout) as { what: string; state: string }[];
    expect(unwell.code).toBe(1);
    expect(findings.filter(({ state }) => state === 'bad')).toMatchObject([{ what: 'API' }]);
  });
});
