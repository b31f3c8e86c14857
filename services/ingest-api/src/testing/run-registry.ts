import { openDatabase, type Database, type Role } from '@oms-webhooks/db';
import { createTestDatabase } from '@oms-webhooks/db/testing';
import request, { type Test } from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from './run-ingest-api.ts';

/** The token of the settings, a superuser's. */
export const ADMIN = 'the-key-of-the-settings';
export const OS1 = '/core/api/v1/webhooks';
type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** An account with one token. */
export interface Account {
  name: string;
  tokenId: number;
  /** A call of the OS1 family, in a tenant. */
  os1(verb: Verb, path: string, tenant?: string): Test;
  /** A call of the other family. */
  drf(verb: Verb, path: string): Test;
  /** The roles of its token from now on, each with its permissions. */
  roles(...permissions: string[][]): Promise<void>;
  revoke(): Promise<void>;
}

/** The ingest API on a database of its own, and accounts to call it as. */
export interface RunningRegistry {
  api: RunningIngestApi;
  database: Database;
  admin: (verb: Verb, path: string) => Test;
  /** A new token, of a new account unless it is there; each list of permissions is a role. */
  account(name: string, permissions?: string[][], fields?: object): Promise<Account>;
  close(): Promise<void>;
}

export async function runRegistry(environment: Record<string, string> = {}): Promise<RunningRegistry> {
  const testDatabase = await createTestDatabase();
  const { url } = testDatabase;
  const database = await openDatabase({ url, applicationName: 'spec', poolSize: 4 });
  const api = await runIngestApi(await freePort(), { DATABASE_URL: url, API_TOKEN: ADMIN, ...environment });
  const call = (key: string) => (verb: Verb, path: string) =>
    request(api.url)[verb](path).set('Authorization', `Token ${key}`);
  const admin = call(ADMIN);
  return {
    api,
    database,
    admin,
    async account(name, permissions = [], fields = {}) {
      const body = { account: name, roles: permissions.map(roleOf), ...fields };
      const made = await admin('post', '/api/v1/oms/tokens/').send(body);
      const { id, token } = made.body as { id: number; token: string };
      return {
        name,
        tokenId: id,
        os1: (verb, path, tenant) => {
          const asked = request(api.url)[verb](`${OS1}${path}`).set('X-COREOS-ACCESS', token);
          return tenant === undefined ? asked : asked.set('X-COREOS-TID', tenant);
        },
        drf: call(token),
        async roles(...changed) {
          await admin('patch', `/api/v1/oms/tokens/${id}/`)
            .send({ roles: changed.map(roleOf) })
            .expect(200);
        },
        async revoke() {
          await admin('delete', `/api/v1/oms/tokens/${id}/`).expect(204);
        },
      };
    },
    async close() {
      await api.stop();
      await database.close();
      await testDatabase.drop();
    },
  };
}

const roleOf = (permissions: string[], at: number): Role => ({ name: `role ${at}`, permissions });
