import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { lookAtDatabase, type DatabaseState } from '@oms-webhooks/db';
import { PROJECT } from '../context.ts';
import { bad, doubtful, good, notLookedAt, reasonOf, type Finding } from './finding.ts';

const OLDEST = 140_000;
/** Leases and signatures' timestamps are in seconds. */
const CLOCK_TOLERANCE_MS = 2000;

/** The database that the services of this shell would use: given, or the embedded one of `oms-webhooks start`. */
export async function lookAtPostgres({ DATABASE_URL, NODE_ENV }: NodeJS.ProcessEnv): Promise<Finding[]> {
  const url = DATABASE_URL?.trim() || (await embeddedUrl());
  if (url === undefined) {
    if (NODE_ENV === 'production')
      return [
        bad(
          'PostgreSQL',
          'DATABASE_URL is not set',
          'Set it: in production there is no embedded PostgreSQL.',
        ),
      ];
    return [
      notLookedAt('PostgreSQL', 'DATABASE_URL is not set, and no system with an embedded one runs here'),
    ];
  }
  const askedAt = Date.now();
  try {
    const state = await lookAtDatabase(url);
    return [version(state), schema(state), clock(state, (askedAt + Date.now()) / 2)];
  } catch (error) {
    const remedy =
      'Is it up, and are host, port, user, password and database of DATABASE_URL right? Try: psql "$DATABASE_URL"';
    return [bad('PostgreSQL', `cannot be reached: ${reasonOf(error)}`, remedy)];
  }
}

/** A running system tells who asks at its socket. */
async function embeddedUrl(): Promise<string | undefined> {
  try {
    const running = JSON.parse(await text(connect(`${PROJECT}.data/run.sock`))) as { databaseUrl?: string };
    return running.databaseUrl;
  } catch {
    return undefined;
  }
}

function version({ version, versionNumber }: DatabaseState): Finding {
  return versionNumber >= OLDEST
    ? good('PostgreSQL', version)
    : bad('PostgreSQL', `${version} is too old`, 'Upgrade it to 14 or newer.');
}

function schema({ missingMigrations, unknownMigrations }: DatabaseState): Finding {
  if (missingMigrations.length > 0)
    return bad('Schema', `${missingMigrations.length} migrations have not run`, 'Run: oms-webhooks migrate');
  if (unknownMigrations.length > 0)
    return doubtful(
      'Schema',
      `newer than this version: ${unknownMigrations.join(', ')}`,
      'Upgrade the services too.',
    );
  return good('Schema', 'up to date');
}

function clock({ now }: DatabaseState, localMillis: number): Finding {
  const offset = Math.round(now / 1000 - localMillis);
  if (Math.abs(offset) <= CLOCK_TOLERANCE_MS) return good('Clock', `${offset} ms from PostgreSQL's`);
  const words = `${(offset / 1000).toFixed(1)} s from PostgreSQL's`;
  return doubtful(
    'Clock',
    words,
    'Let both machines take the time from the same source (NTP): receivers refuse old timestamps.',
  );
}
