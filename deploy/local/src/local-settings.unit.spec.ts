import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings, SettingsError } from '@oms-webhooks/config';
import { keptToken, localRules, localVariables } from './local-settings.ts';
import { environmentFor } from './system.ts';

function faultsOf(environment: NodeJS.ProcessEnv): string[] {
  try {
    readSettings(environment, localVariables, localRules);
    return [];
  } catch (error) {
    return (error as SettingsError).faults;
  }
}

describe('the settings of a start on one machine', () => {
  it('need nothing at all', () => {
    expect(faultsOf({})).toEqual([]);
  });

  it('need a database in production', () => {
    expect(faultsOf({ NODE_ENV: 'production' })).toEqual([
      'DATABASE_URL is not set: in production there is no embedded PostgreSQL',
    ]);
  });

  it('want two different ports', () => {
    expect(faultsOf({ DISPATCHER_PORT: '8080' })).toEqual([
      'PORT and DISPATCHER_PORT are both 8080: on one machine they must differ',
    ]);
  });
});

describe('what the services are told', () => {
  const embedded = { databaseUrl: 'postgres://here', token: 'x', DATABASE_URL: undefined };

  it('allows targets on this machine with the embedded database only, and only when nothing else is said', () => {
    const networks = (own: Parameters<typeof environmentFor>[0], given: NodeJS.ProcessEnv) =>
      environmentFor(own, given).DELIVERY_ALLOWED_NETWORKS;
    expect(networks(embedded, {})).toBe('127.0.0.0/8,::1/128');
    expect(networks(embedded, { DELIVERY_ALLOWED_NETWORKS: '' })).toBeUndefined();
    expect(networks({ ...embedded, DATABASE_URL: 'postgres://there' }, {})).toBeUndefined();
  });
});

describe('the bootstrap token', () => {
  it('is made once, for its owner only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'token-'));
    try {
      const token = keptToken(folder);
      expect(token).toMatch(/^[0-9a-f]{40}$/);
      expect(keptToken(folder)).toBe(token);
      expect(statSync(join(folder, 'token')).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
