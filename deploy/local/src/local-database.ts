import { resolve } from 'node:path';
import { migrate } from '@oms-webhooks/db';
import type { Life } from '@oms-webhooks/lifecycle';
import { embeddedPostgres } from './embedded-postgres.ts';
import { rememberedPort } from './ports.ts';
import { stopOrphan } from './postmaster.ts';
import { startSupervised } from './start-supervised.ts';
import type { Terminal } from './terminal.ts';

/** Starts the embedded PostgreSQL of a data directory until the end of `life`. Resolves to its URL when it is ready. */
export async function startDatabase(dataDir: string, terminal: Terminal, life: Life): Promise<string> {
  await stopOrphan(resolve(dataDir, 'postgres'), terminal.tell);
  const port = await rememberedPort(dataDir, 'postgres');
  let url = '';
  terminal.tell('starting PostgreSQL…');
  await startSupervised(
    [
      (onReady) => {
        const server = embeddedPostgres({ dataDir, port, tell: terminal.tell, onReady });
        url = server.url;
        return server.worker;
      },
    ],
    { terminal, life, stopLimitMs: 40_000 },
  );
  return url;
}

/** Brings the schema up to date and says what was done. */
export async function migrateDatabase(url: string, terminal: Terminal): Promise<void> {
  terminal.tell('migrating the database…');
  const done = await migrate(url);
  terminal.tell(done.length === 0 ? 'the database is up to date' : `migrated: ${done.join(', ')}`);
}
