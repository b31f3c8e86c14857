import { OS1, runRegistry, type RunningRegistry } from '../testing/run-registry.ts';

const PERMISSIONS = ['get-users', 'get-user-details', 'update-user'];
const APP_ID = /^app:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

let registry: RunningRegistry;
let accounts = 0;
/** Of an account of its own. */
const newcomer = (fields: object = {}) => registry.account(`account-${++accounts}`, [], fields);
beforeAll(async () => {
  registry = await runRegistry();
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

describe('a publisher app', () => {
  it('is registered once an account and tenant, read, and changed', async () => {
    const account = await newcomer();
    const missing = await account.os1('get', '/apps');
    expect([missing.status, missing.body.error.code]).toEqual([404, '101001024041']);
    const created = await account.os1('post', '/apps').send({ permissions: [...PERMISSIONS, 'get-users'] });
    expect([created.status, created.body]).toEqual([
      201,
      { data: { id: expect.stringMatching(APP_ID), name: account.name, permissions: PERMISSIONS } },
    ]);
    const again = await account.os1('post', '/apps').send({ permissions: [] });
    expect([again.status, again.body.error.code]).toEqual([409, '101001014091']);
    const changed = await account.os1('patch', '/apps').send({ name: 'User management' });
    expect([changed.status, changed.body]).toEqual([
      200,
      { data: { ...created.body.data, name: 'User management' } },
    ]);
    expect((await account.os1('get', '/apps')).body).toEqual(changed.body);
    expect((await account.os1('get', '/apps', 'other')).status).toBe(404);
    const elsewhere = await account.os1('post', '/apps', 'other').send({ permissions: [] }).expect(201);
    expect(elsewhere.body.data.id).not.toBe(created.body.data.id);
  });

  it('is one, of several that are registered at the same time', async () => {
    const account = await newcomer();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => account.os1('post', '/apps').send({ permissions: [] })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  it('has the id that the token names, if that is free', async () => {
    const app = 'app:dafee37d-7c50-4772-9725-8c8e2e598148';
    const first = await newcomer({ app });
    const { body } = await first.os1('post', '/apps').send({ permissions: [] }).expect(201);
    expect(body.data.id).toBe(app);
    const second = await newcomer({ app });
    const taken = await second.os1('post', '/apps').send({ permissions: [] });
    expect([taken.status, taken.body.error.code]).toEqual([409, '101001014092']);
  });

  it('says what is wrong with its fields', async () => {
    const account = await newcomer();
    const { status, body } = await account.os1('post', '/apps?x=1').send({ permissions: 'all', name: '' });
    expect([status, body]).toEqual([
      400,
      {
        error: {
          code: '101001014001',
          description: 'The request is not valid.',
          additionalInfo: {
            errorTrace: [
              { field: 'permissions', message: 'Expected a list of items but got type "str".' },
              { field: 'name', message: 'This field may not be blank.' },
            ],
          },
        },
        request: {
          uri: `${OS1}/apps`,
          method: 'POST',
          queryString: 'x=1',
          body: { permissions: 'all', name: '' },
        },
      },
    ]);
  });
});
