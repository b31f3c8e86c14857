import { createTestDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';

describe('publish-event', () => {
  let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
  let api: RunningIngestApi;
  let hook: number;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    api = await runIngestApi(await freePort(), { DATABASE_URL: testDatabase.url, API_TOKEN: TOKEN });
    const created = await post('/whisperer/hooks/', {
      target_url: 'http://127.0.0.1:9/',
      event_type: 'package-shipment-awb-number',
    });
    expect(created.body).toMatchObject({ event_type: 'package.shipment.awb_number' });
    hook = (created.body as { id: number }).id;
  });
  afterAll(async () => {
    await api.stop();
    await testDatabase.drop();
  });

  const post = (path: string, body: object) =>
    request(api.url).post(path).set('Authorization', `Token ${TOKEN}`).send(body);
  const publish = (pk: unknown) =>
    post('/api/v1/oms/oms_hook_events/publish-event/', { hook, instance: { pk, model: 'package' } });
  const count = async (path: string) =>
    (
      (await request(api.url).get(path).set('Authorization', `Token ${TOKEN}`)).body as {
        count: number;
      }
    ).count;

  // The OMS was asked for /api/v1/oms/packages/../, with our token.
  it.each(['.', '..', ' .. '])('refuses the key %j, a step in the path of the resource', async (pk) => {
    const answer = await publish(pk);
    expect([answer.status, answer.body]).toEqual([
      400,
      { instance: { pk: [`"${pk.trim()}" is not a valid key.`] } },
    ]);
  });

  it.each(['...', '../..', '%2e%2e', 'a/b', '.5'])(
    'takes the key %j, which encoding keeps in one segment',
    async (pk) => {
      expect((await publish(pk)).status).toBe(202);
    },
  );

  it('has its events and webhooks found by their type, with dashes too', async () => {
    await publish(1);
    for (const type of ['package.shipment.awb_number', 'package-shipment-awb-number']) {
      expect(await count(`/api/v1/oms/oms_hook_events/?event_type=${type}`)).toBeGreaterThan(0);
      expect(await count(`/whisperer/hooks/?event_type=${type}`)).toBe(1);
    }
    expect(await count('/whisperer/hooks/?event_type=Package-Shipment-AWB-number')).toBe(1);
    expect(await count('/whisperer/hooks/?event_type=package-created')).toBe(0);
  });
});
