import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../database.ts';
import { migrations } from '../migrations/index.ts';

/** Named after all migrations, so that a server that outlives a schema does not serve the old one. */
const TEMPLATE = `template_${createHash('sha256')
  .update(migrations.map(({ name }) => name).join())
  .digest('hex')
  .slice(0, 16)}`;
/** Any number, the same in every process. */
const TEMPLATE_LOCK = 7_264_111;

function named(adminUrl: string, database: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function administer(adminUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Creates and migrates the template where it is missing; it gets its name last, so a cut-off attempt is not taken for it. */
async function ensureTemplate(admin: pg.Client, adminUrl: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
  if (rowCount === 1) return;
  const unfinished = `${TEMPLATE}_unfinished`;
  await admin.query(`DROP DATABASE IF EXISTS ${unfinished} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${unfinished}`);
  await migrate(named(adminUrl, unfinished));
  await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${TEMPLATE}`);
}

interface TestDatabase {
  url: string;
  /** Fails when a connection was left open. */
  drop: () => Promise<void>;
}

/** A migrated database of its own for a spec, cloned from a template that the first spec makes. */
export const createTestDatabase = (adminUrl?: string): Promise<TestDatabase> =>
  create(adminUrl, async (admin, url, name) => {
    // Specs run in several processes; the lock goes with the connection.
    await admin.query('SELECT pg_advisory_lock($1)', [TEMPLATE_LOCK]);
    await ensureTemplate(admin, url);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  });

/** A database of its own without a table, for who brings another version's schema. */
export const createEmptyDatabase = (adminUrl?: string): Promise<TestDatabase> =>
  create(adminUrl, (admin, _, name) => admin.query(`CREATE DATABASE ${name}`));

async function create(
  adminUrl: string = process.env.TEST_DATABASE_URL ?? '',
  make: (admin: pg.Client, adminUrl: string, name: string) => Promise<unknown>,
): Promise<TestDatabase> {
  if (!adminUrl) throw new Error('TEST_DATABASE_URL is not set: run through jest, which starts PostgreSQL.');
  const name = `spec_${randomBytes(6).toString('hex')}`;
  await administer(adminUrl, (admin) => make(admin, adminUrl, name));
  return {
    url: named(adminUrl, name),
    drop: () => administer(adminUrl, (admin) => admin.query(`DROP DATABASE ${name}`)),
  };
}
