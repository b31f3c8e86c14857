import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rule, url, variableRules, variables } from '@oms-webhooks/config';

const { NODE_ENV, PORT, DISPATCHER_PORT } = variables;

/** As for the services, except that the database may be left to us. */
const DATABASE_URL = url(variables.DATABASE_URL.meaning, {
  schemes: ['postgres', 'postgresql'],
  secret: true,
  default: undefined,
});

/** All variables of the system, so that a bad set-up is reported whole before anything starts. */
export const localVariables = { ...variables, DATABASE_URL };

export const localRules = [
  ...variableRules,
  rule({ NODE_ENV, DATABASE_URL }, (settings) =>
    settings.NODE_ENV === 'production' && settings.DATABASE_URL === undefined
      ? 'DATABASE_URL is not set: in production there is no embedded PostgreSQL'
      : undefined,
  ),
  rule({ PORT, DISPATCHER_PORT }, (settings) =>
    settings.PORT === settings.DISPATCHER_PORT
      ? `PORT and DISPATCHER_PORT are both ${settings.PORT}: on one machine they must differ`
      : undefined,
  ),
];

/** The bootstrap token of this data directory, made at the first time. Its file is for its owner only. */
export function keptToken(dataDir: string): string {
  const file = join(dataDir, 'token');
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    const token = randomBytes(20).toString('hex');
    writeFileSync(file, `${token}\n`, { mode: 0o600 });
    return token;
  }
}

/** With the embedded database targets on this machine are allowed, unless the variable says otherwise. */
export const loopback = '127.0.0.0/8,::1/128';
