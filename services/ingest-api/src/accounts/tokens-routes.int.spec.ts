import { createTestDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';

describe('tokens', () => {
  let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
  let api: RunningIngestApi;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    api = await runIngestApi(await freePort(), { DATABASE_URL: testDatabase.url, API_TOKEN: TOKEN });
  });
  afterAll(async () => {
    await api.stop();
    await testDatabase.drop();
  });

  const call = (verb: 'post' | 'patch' | 'delete', path: string) =>
    request(api.url)[verb](`/api/v1/oms/tokens/${path}`).set('Authorization', `Token ${TOKEN}`);

  it('may have roles without any permission', async () => {
    const roles = [{ name: 'q', permissions: [] }];
    const created = await call('post', '').send({ account: 'a', roles });
    expect([created.status, created.body]).toEqual([201, expect.objectContaining({ roles })]);
    const { id } = created.body as { id: number };
    const changed = await call('patch', `${id}/`).send({ roles: [] });
    expect([changed.status, changed.body]).toEqual([200, expect.objectContaining({ roles: [] })]);
    expect((await call('patch', `${id}/`).send({ roles })).body).toMatchObject({ roles });
  });

  it('are looked up before what is asked of them is read', async () => {
    const { id } = (await call('post', '').send({ account: 'a' })).body as { id: number };
    expect((await call('patch', '9999/').send({ roles: 'x' })).status).toBe(404);
    expect((await call('patch', `${id}/`).send({ roles: 'x' })).status).toBe(400);
    await call('delete', `${id}/`);
    expect((await call('patch', `${id}/`).send({ roles: 'x' })).status).toBe(404);
  });
});
