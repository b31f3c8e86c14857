import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEmptyDatabase } from '@oms-webhooks/db/testing';
import { commandOf, healthCommandOf } from '../../deploy/docker/dockerfile.ts';
import { freePort } from '../environment/free-port.ts';
import { eventually } from '../environment/target.ts';
import { ADMIN_TOKEN } from './system.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const READ_ONLY = [
  Number(process.versions.node.split('.')[0]) < 24 ? '--experimental-permission' : '--permission',
  '--allow-fs-read=*',
  ...(Number(process.versions.node.split('.')[0]) < 25 ? [] : ['--allow-net']),
];

/** A command of the Dockerfile here: the module from this folder, and Node refuses every write and every child process. */
const contained = ([program, ...args]: string[]): [string, string[]] => {
  expect(program).toBe('node');
  return [
    process.execPath,
    [...READ_ONLY, ...args.map((arg) => (/\.js$/.test(arg) ? join(ROOT, arg) : arg))],
  ];
};

describe('What the images run starts, works and stops without writing a file', () => {
  let folder: string;
  let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oms-image-'));
    empty = await createEmptyDatabase();
    environment = {
      NODE_ENV: 'production',
      // Node warns that its permissions are an experiment.
      NODE_NO_WARNINGS: '1',
      DATABASE_URL: empty.url,
      API_TOKEN: ADMIN_TOKEN,
      SECRETS_KEY: 'a-key-for-the-images',
    };
    const [node, args] = contained(commandOf('migrate'));
    const { stdout } = await run(node, args, { cwd: folder, env: environment });
    expect(stdout).toContain('the database is up to date');
  });
  afterAll(async () => {
    expect(await readdir(folder)).toEqual([]);
    await rm(folder, { recursive: true });
    await empty.drop();
  });

  it.each([
    ['ingest-api', 'PORT'],
    ['dispatcher', 'DISPATCHER_PORT'],
  ])('%s', async (target, variable) => {
    const env = { ...environment, [variable]: String(await freePort()) };
    const [node, args] = contained(commandOf(target));
    const service = spawn(node, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [service.stdout, service.stderr])
      stream.on('data', (text) => (output += String(text)));
    const ended = new Promise<number | null>((resolve) => service.once('close', resolve));
    try {
      await eventually(() => output.includes(' is up"'), { withinMs: 60_000, what: `${target} being up` });
      const [, health] = contained(healthCommandOf(target));
      await run(node, health, { cwd: folder, env });
    } finally {
      service.kill('SIGTERM');
    }
    expect([await ended, output.split('\n').filter((line) => line.includes('"level":"error"'))]).toEqual([
      0,
      [],
    ]);
  });
});
