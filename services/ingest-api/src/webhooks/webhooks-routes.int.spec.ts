import type { Server } from 'node:http';
import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { answerErrors, createHttpServer, notAuthenticated, urlTable, type Caller } from '@oms-webhooks/http';
import express from 'express';
import request from 'supertest';
import { EventTypes } from '../event-types/event-types.ts';
import { webhooksRoutes } from './webhooks-routes.ts';

const FORBIDDEN = 'http://10.0.0.1/';
const body = (fields: object = {}) => ({
  target_url: 'https://partner.test/hook',
  event_type: 'package.created',
  ...fields,
});
let database: Database;
let server: Server;
const callers = new Map<string, Caller>();

beforeAll(async () => {
  database = await openSpecDatabase();
  for (const account of ['first', 'second', 'admin']) {
    const { rows } = await database.pool.query<{ id: number }>(
      'INSERT INTO account (name) VALUES ($1) RETURNING id',
      [account],
    );
    const accountId = rows[0]?.id ?? 0;
    const superuser = account === 'admin';
    callers.set(account, { accountId, account, superuser, roles: [], app: null, tokenId: accountId });
  }
  const routes = webhooksRoutes({
    orm: database.orm,
    eventTypes: new EventTypes({ pool: database.pool, configured: {} }),
    checkTarget: (url) => Promise.resolve(url === FORBIDDEN ? 'Not there.' : undefined),
  });
  const app = express()
    .use(
      urlTable(routes, {
        authenticate: ({ authorization = '' }) => {
          const caller = callers.get(authorization);
          return caller ? Promise.resolve(caller) : Promise.reject(notAuthenticated());
        },
      }),
    )
    .use(
      answerErrors({
        log: { error: (_, fields) => console.error(fields), warn() {} },
        isUnavailable: () => false,
      }),
    );
  server = createHttpServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

beforeEach(() => database.pool.query('DELETE FROM webhook'));

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await database.close();
});

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete';
const call = (verb: Verb, path = '', as = 'first') =>
  request(server)[verb](`/whisperer/hooks/${path}`).set('Authorization', as);
const create = async (fields: object = {}) =>
  (await call('post').send(body(fields))).body as Record<string, string | number>;

describe('webhooks', () => {
  it('are answered whole, with the keys of the documents in their order', async () => {
    const answer = await call('post').send(body({ secret_key: 's', additional_headers: null }));
    expect(answer.status).toBe(201);
    expect(Object.keys(answer.body)).toEqual([
      'id',
      'retry_countdown_config',
      'created_date',
      'modified_date',
      'target_url',
      'is_active',
      'secret_key',
      'event_type',
      'callback',
      'additional_headers',
      'config',
    ]);
    expect(answer.body).toMatchObject({
      retry_countdown_config: { choice: 'exponential', kwargs: { base: 2 } },
      created_date: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/),
      is_active: true,
      secret_key: 's',
      callback: null,
      additional_headers: {},
      config: {},
    });
    const read = await call('get', `${answer.body.id}/`);
    expect(read.body).toEqual(answer.body);
  });

  it('keep settings as they were given', async () => {
    const config = { z: 1.5, a: '\u0001 😀', constructor: { b: [null] } };
    const { id } = await create({ config });
    expect((await call('get', `${id}/`)).text).toContain(`"config":${JSON.stringify(config)}`);
  });

  it('are refused when the target is not allowed, that of the token service included', async () => {
    const auth = { auth_type: 'token', url: FORBIDDEN, username: 'u', password: 'p' };
    const answer = await call('post').send(body({ target_url: FORBIDDEN, config: { auth } }));
    expect([answer.status, answer.body]).toEqual([
      400,
      { target_url: ['Not there.'], config: { auth: { url: ['Not there.'] } } },
    ]);
  });

  it('are registered once an account, also by requests at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 4 }, () => call('post').send(body())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 406, 406, 406]);
    expect(answers.find(({ status }) => status === 406)?.text).toBe(
      '{"code":"webhook_100_2","en":"Webhook already registered"}',
    );
    expect((await call('post', '', 'second').send(body())).status).toBe(201);
  });

  it('cannot be changed into a duplicate, nor registered beside an inactive one', async () => {
    await create({ is_active: false });
    expect((await call('post').send(body())).status).toBe(406);
    const { id } = await create({ event_type: 'shipment.created' });
    expect((await call('patch', `${id}/`).send({ event_type: 'package-created' })).status).toBe(406);
    expect((await call('put', `${id}/`).send(body())).status).toBe(406);
    expect((await call('patch', `${id}/`).send({ event_type: 'shipment.created' })).status).toBe(200);
  });

  it('change by PATCH what is named, and by PUT with all that is required', async () => {
    const created = await create({ secret_key: 's', config: { ordered: true } });
    const patched = await call('patch', `${created.id}/`).send({ is_active: 'false', config: {} });
    expect(patched.body).toEqual({
      ...created,
      is_active: false,
      config: {},
      modified_date: expect.any(String),
    });
    expect(patched.body.modified_date > (created.modified_date ?? '')).toBe(true);
    const put = await call('put', `${created.id}/`).send({ secret_key: null });
    expect(put.body).toEqual({
      target_url: ['This field is required.'],
      event_type: ['This field is required.'],
    });
    const replaced = await call('put', `${created.id}/`).send(body({ target_url: 'https://other.test/' }));
    expect(replaced.body).toMatchObject({
      target_url: 'https://other.test/',
      secret_key: 's',
      is_active: false,
    });
  });

  it('stay readable and inactive after DELETE, which may be repeated', async () => {
    const { id } = await create();
    expect((await call('delete', `${id}/`)).status).toBe(204);
    expect((await call('delete', `${id}/`)).status).toBe(204);
    expect((await call('get', `${id}/`)).body).toMatchObject({ id, is_active: false });
  });

  it('come back with the same id and the new settings when they are created again', async () => {
    const { id, created_date } = await create({ secret_key: 'old', callback: 'c' });
    await call('delete', `${id}/`);
    const again = await call('post').send(body({ secret_key: 'new' }));
    expect([again.status, again.body]).toEqual([
      201,
      expect.objectContaining({ id, created_date, is_active: true, secret_key: 'new', callback: null }),
    ]);
    expect((await call('post').send(body())).status).toBe(406);
  });

  it('sign with the replaced key as well for a day, and with none once it is taken away', async () => {
    const { id } = await create({ secret_key: 'one' });
    const keys = async () => {
      const { rows } = await database.pool.query<object>(
        `SELECT secret_key AS now, previous_secret_key AS before,
                extract(epoch FROM previous_secret_until - modified_date) / 3600 AS hours FROM webhook WHERE id = $1`,
        [id],
      );
      return rows[0];
    };
    const patch = (secret_key: string | null) => call('patch', `${id}/`).send({ secret_key });
    expect(await keys()).toEqual({ now: 'one', before: null, hours: null });
    await patch('two');
    expect(await keys()).toEqual({ now: 'two', before: 'one', hours: '24.0000000000000000' });
    await patch('two');
    await call('patch', `${id}/`).send({ callback: 'c' });
    expect(await keys()).toMatchObject({ now: 'two', before: 'one' });
    await call('put', `${id}/`).send(body({ secret_key: 'three' }));
    expect(await keys()).toMatchObject({ now: 'three', before: 'two' });
    await patch('');
    expect(await keys()).toEqual({ now: '', before: null, hours: null });
    await patch('four');
    await patch('five');
    await patch(null);
    expect(await keys()).toEqual({ now: null, before: null, hours: null });
    await patch('six');
    await patch('seven');
    await call('delete', `${id}/`);
    await call('post').send(body({ secret_key: 'eight' }));
    expect(await keys()).toEqual({ now: 'eight', before: null, hours: null });
  });

  it('are no longer deleted once they are activated', async () => {
    const { id } = await create();
    await call('delete', `${id}/`);
    await call('patch', `${id}/`).send({ is_active: true });
    expect((await call('post').send(body())).status).toBe(406);
  });

  it('belong to their account; a superuser sees all', async () => {
    const { id } = await create();
    for (const verb of ['get', 'put', 'patch', 'delete'] as const) {
      const answer = await call(verb, `${id}/`, 'second').send(verb === 'get' ? undefined : {});
      expect([verb, answer.status, answer.body]).toEqual([verb, 404, { detail: 'Not found.' }]);
    }
    expect((await call('get', '', 'second')).body.count).toBe(0);
    expect((await call('get', `${id}/`, 'admin')).status).toBe(200);
    const changed = await call('patch', `${id}/`, 'admin').send({ callback: 'c' });
    expect(changed.status).toBe(200);
    expect((await call('get', `${id}/`)).body.callback).toBe('c');
  });

  it.each(['0', 'abc', '99999999999', '-1', '1.0'])('have none with the id %s', async (id) => {
    expect((await call('get', `${id}/`)).status).toBe(404);
    expect((await call('delete', `${id}/`)).status).toBe(404);
  });

  it('are listed newest first, in pages, filtered and ordered', async () => {
    const first = await create();
    const second = await create({ event_type: 'shipment.created', is_active: false });
    const third = await create({ target_url: 'https://a.test/' });
    const ids = async (query: string) => {
      const { body } = await call('get', query);
      return (body.results as { id: number }[]).map(({ id }) => id);
    };
    expect(await ids('')).toEqual([third.id, second.id, first.id]);
    expect(await ids('?event_type=PACKAGE.created')).toEqual([third.id, first.id]);
    expect(await ids(`?target_url=${encodeURIComponent('https://a.test/')}`)).toEqual([third.id]);
    expect(await ids('?is_active=3')).toEqual([second.id]);
    expect(await ids('?is_active=perhaps&color=red')).toHaveLength(3);
    expect(await ids('?ordering=target_url,id,secret_key')).toEqual([third.id, first.id, second.id]);
    const page = (await call('get', '?page_size=2&page=2&is_active=')).body;
    expect(page).toMatchObject({ count: 3, next: null, results: [{ id: first.id }] });
    expect(page.previous).toMatch(/\/whisperer\/hooks\/\?is_active=&page_size=2$/);
    const refused = await call('get', '?event_type=%00');
    expect(refused.body).toEqual({ event_type: ['Null characters are not allowed.'] });
  });

  it('may be of the types in the registry', async () => {
    const registry = (await call('get', 'registry/')).body as string[];
    expect(registry).toContain('stock_location.updated');
    expect((await call('post').send(body({ event_type: registry.at(-1) }))).status).toBe(201);
  });
});
