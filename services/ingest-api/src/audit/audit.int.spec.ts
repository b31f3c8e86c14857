import type { Server } from 'node:http';
import { openDatabase, secretsOf, type Database } from '@oms-webhooks/db';
import { createTestDatabase } from '@oms-webhooks/db/testing';
import { answerErrors, createHttpServer, notAuthenticated, urlTable, type Caller } from '@oms-webhooks/http';
import express from 'express';
import request from 'supertest';
import { EventTypes } from '../event-types/event-types.ts';
import { TokenStore } from '../accounts/token-store.ts';
import { tokensRoutes } from '../accounts/tokens-routes.ts';
import { webhooksRoutes } from '../webhooks/webhooks-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { CLI } from './record-change.ts';

interface Entry {
  id: number;
  created_date: string;
  account: string;
  token: number | null;
  action: string;
  object_type: string;
  object_id: number;
  changes: Record<string, [unknown, unknown]>;
}

describe('the audit log', () => {
  let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
  let database: Database;
  let server: Server;
  let tokens: TokenStore;
  const callers = new Map<string, Caller>();

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    database = await openDatabase({
      url: testDatabase.url,
      applicationName: 'spec',
      poolSize: 4,
      secrets: secretsOf('a key of this house'),
    });
    const { orm } = database;
    tokens = new TokenStore(orm);
    for (const account of ['first', 'second', 'admin']) {
      const { rows } = await database.pool.query<{ id: number }>(
        'INSERT INTO account (name) VALUES ($1) RETURNING id',
        [account],
      );
      const accountId = rows[0]?.id ?? 0;
      const superuser = account === 'admin';
      callers.set(account, { accountId, account, superuser, roles: [], app: null, tokenId: accountId * 10 });
    }
    const routes = [
      ...webhooksRoutes({
        orm,
        eventTypes: new EventTypes({ pool: database.pool, configured: {} }),
        checkTarget: () => Promise.resolve(undefined),
      }),
      ...tokensRoutes(tokens),
      ...auditRoutes(orm),
    ];
    const authenticate = ({ authorization = '' }) => {
      const caller = callers.get(authorization);
      return caller ? Promise.resolve(caller) : Promise.reject(notAuthenticated());
    };
    const app = express()
      .use(urlTable(routes, { authenticate }))
      .use(
        answerErrors({
          log: { error: (_, fields) => console.error(fields), warn() {} },
          isUnavailable: () => false,
        }),
      );
    server = createHttpServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => database.pool.query('DELETE FROM webhook; DELETE FROM audit_entry; DELETE FROM token'));
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await database.close();
    await testDatabase.drop();
  });

  type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';
  const call = (verb: Verb, path: string, as = 'first') =>
    request(server)[verb](path).set('Authorization', as);
  const audit = async (query = '', as = 'admin') =>
    ((await call('get', `/api/v1/oms/audit/${query}`, as)).body as { results: Entry[] }).results;
  const create = async (fields: object = {}, as = 'first') => {
    const hook = { target_url: 'https://partner.test/hook', event_type: 'package.created', ...fields };
    return ((await call('post', '/whisperer/hooks/', as).send(hook)).body as { id: number }).id;
  };

  it('has who did what to a webhook, newest first, with secrets masked', async () => {
    const id = await create({
      secret_key: 'swordfish',
      additional_headers: { 'X-Api-Key': 'swordfish' },
      config: { ordered: true, auth: { auth_type: 'bearer', token: 'swordfish' } },
    });
    const path = `/whisperer/hooks/${id}/`;
    await call('patch', path, 'admin').send({ secret_key: 'dogfish', callback: 'c' });
    await call('delete', path);
    await call('delete', path);
    await create({ secret_key: null });

    const entries = await audit();
    expect(entries.map(({ action, account, token }) => [action, account, token])).toEqual([
      ['revive', 'first', 10],
      ['delete', 'first', 10],
      ['update', 'admin', 30],
      ['create', 'first', 10],
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/swordfish|dogfish|oms-secret/);
    expect(entries.every((entry) => entry.object_type === 'webhook' && entry.object_id === id)).toBe(true);
    expect(entries[3]?.changes).toEqual({
      target_url: [null, 'https://partner.test/hook'],
      event_type: [null, 'package.created'],
      is_active: [null, true],
      secret_key: [null, '***'],
      callback: [null, null],
      retry_countdown_config: [null, { choice: 'exponential', kwargs: { base: 2 } }],
      additional_headers: [null, { 'X-Api-Key': '***' }],
      config: [null, { ordered: true, auth: { auth_type: 'bearer', token: '***' } }],
    });
    expect(entries[2]?.changes).toEqual({ secret_key: ['***', '***'], callback: [null, 'c'] });
    expect(entries[1]?.changes).toEqual({ is_active: [true, false] });
    expect(entries[0]?.changes).toMatchObject({ is_active: [false, true], secret_key: ['***', null] });
    expect(Object.keys(entries[0] ?? {})).toEqual([
      'id',
      'created_date',
      'account',
      'token',
      'action',
      'object_type',
      'object_id',
      'changes',
    ]);
  });

  it('has webhooks that were disabled for a reason, whoever did it, also by hand', async () => {
    const id = await create();
    await database.pool.query(
      `UPDATE webhook SET is_active = false, disabled_reason = 'The target answered 410 Gone.' WHERE id = $1`,
      [id],
    );
    const [entry] = await audit('', 'first');
    expect(entry).toMatchObject({
      account: 'system',
      token: null,
      action: 'disable',
      object_id: id,
      changes: { is_active: [true, false], disabled_reason: [null, 'The target answered 410 Gone.'] },
    });
    await call('patch', `/whisperer/hooks/${id}/`).send({ is_active: true });
    expect((await audit())[0]?.changes).toEqual({
      is_active: [false, true],
      disabled_reason: ['The target answered 410 Gone.', null],
    });
  });

  it('has nothing of a change that was refused or changed nothing', async () => {
    const id = await create();
    await create({ event_type: 'shipment.created' });
    const before = (await audit()).length;
    expect(await create()).toBeUndefined();
    await call('patch', `/whisperer/hooks/${id}/`).send({ event_type: 'shipment.created' });
    await call('patch', `/whisperer/hooks/${id}/`).send({ is_active: true });
    await call('patch', `/whisperer/hooks/${id}/`, 'second').send({ callback: 'c' });
    expect(await audit()).toHaveLength(before);
  });

  it('is written with the change or not at all', async () => {
    const id = await create();
    await database.pool.query('ALTER TABLE audit_entry ADD CONSTRAINT refused CHECK (false) NOT VALID');
    const quiet = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect((await call('patch', `/whisperer/hooks/${id}/`).send({ callback: 'c' })).status).toBe(500);
    await expect(tokens.create(CLI, { account: 'first' })).rejects.toThrow();
    quiet.mockRestore();
    await database.pool.query('ALTER TABLE audit_entry DROP CONSTRAINT refused');
    expect((await call('get', `/whisperer/hooks/${id}/`)).body).toMatchObject({ callback: null });
    expect(await tokens.count()).toBe(0);
  });

  it('has tokens created, changed and revoked, through the API, the command line and the settings', async () => {
    const made = await call('post', '/api/v1/oms/tokens/', 'admin').send({ account: 'first' });
    const { id, token } = made.body as { id: number; token: string };
    await call('patch', `/api/v1/oms/tokens/${id}/`, 'admin').send({
      roles: [{ name: 'r', permissions: [] }],
    });
    await call('delete', `/api/v1/oms/tokens/${id}/`, 'admin');
    await tokens.create(CLI, { account: 'second', superuser: true });
    await tokens.accept('the key of the settings');
    await tokens.accept('the key of the settings');
    const entries = await audit('?object_type=token');
    expect(entries.map(({ action, account }) => [action, account])).toEqual([
      ['create', 'bootstrap'],
      ['create', 'cli'],
      ['revoke', 'admin'],
      ['update', 'admin'],
      ['create', 'admin'],
    ]);
    expect(entries[3]?.changes).toEqual({ roles: [[], [{ name: 'r', permissions: [] }]] });
    expect(entries[2]?.changes).toEqual({ revoked_date: [null, expect.stringMatching(/Z$/)] });
    expect(JSON.stringify(entries)).not.toContain(token);
    expect((await audit('', 'first')).map(({ action }) => action)).toEqual(['revoke', 'update', 'create']);
  });

  it('accepts the key of the settings once when replicas start at the same moment', async () => {
    await Promise.all([1, 2, 3].map(() => tokens.accept('the key of the settings')));
    expect(await tokens.count()).toBe(1);
    expect(await audit('?object_type=token')).toHaveLength(1);
  });

  it('shows an account what it did and what others did to its own, and nothing else', async () => {
    await create({}, 'first');
    await create({}, 'second');
    expect((await audit('', 'first')).map(({ account }) => account)).toEqual(['first']);
    expect((await audit('', 'admin')).map(({ account }) => account)).toEqual(['second', 'first']);
    expect((await call('get', '/api/v1/oms/audit/', 'nobody')).status).toBe(401);
  });

  it('is filtered and paged', async () => {
    const id = await create();
    await create({ event_type: 'shipment.created' });
    await call('delete', `/whisperer/hooks/${id}/`);
    const [deleted, other, first] = await audit();
    const ids = async (query: string) => (await audit(query)).map((entry) => entry.id);
    expect(await ids('?action=delete')).toEqual([deleted?.id]);
    expect(await ids(`?object_id=${id}`)).toEqual([deleted?.id, first?.id]);
    expect(await ids('?account=second')).toEqual([]);
    expect(await ids(`?created_date__lt=${other?.created_date}`)).toEqual([first?.id]);
    expect(
      await ids(`?created_date__gte=${other?.created_date}&created_date__lte=${other?.created_date}`),
    ).toEqual([other?.id]);
    expect(await ids('?page_size=1&page=last')).toEqual([first?.id]);
    const refused = await call('get', '/api/v1/oms/audit/?action=eat&created_date=x', 'admin');
    expect([refused.status, refused.body]).toEqual([
      400,
      {
        action: ['Select a valid choice. eat is not one of the available choices.'],
        created_date: ['Enter a valid date/time.'],
      },
    ]);
    expect((await call('post', '/api/v1/oms/audit/', 'admin')).status).toBe(405);
  });
});
