import { createTestDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';
const TYPES = '/api/v1/oms/event_types/';

describe('/api/v1/oms/event_types/', () => {
  let testDatabase: Awaited<ReturnType<typeof createTestDatabase>>;
  let api: RunningIngestApi;
  let other: RunningIngestApi;
  let shopToken: string;

  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    const environment = {
      DATABASE_URL: testDatabase.url,
      API_TOKEN: TOKEN,
      EVENT_TYPES: JSON.stringify({ 'order.returned': 'An order came back.' }),
    };
    [api, other] = await Promise.all([
      runIngestApi(await freePort(), environment),
      runIngestApi(await freePort(), environment),
    ]);
    shopToken = String(
      (await call('POST', '/api/v1/oms/tokens/', { account: 'shop' }).expect(201)).body.token,
    );
  });
  afterAll(async () => {
    await Promise.all([api.stop(), other.stop()]);
    await testDatabase.drop();
  });

  const call = (method: string, path: string, body?: object, token = TOKEN, at = api) => {
    const asked = request(at.url);
    const sent = {
      GET: asked.get(path),
      POST: asked.post(path),
      PATCH: asked.patch(path),
      DELETE: asked.delete(path),
    }[method]!;
    return sent.set('Authorization', `Token ${token}`).send(body);
  };
  const publish = (event_type: string, data: object, at = api) =>
    call(
      'POST',
      '/api/v1/oms/events/',
      { event_type, instance: { pk: 1, model: 'package', data } },
      TOKEN,
      at,
    );
  const schema = { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } };

  it('lists the catalogue, the settings and what was made here, for everybody', async () => {
    await call('POST', TYPES, { name: 'a.first', description: 'First.' }).expect(201);
    const { body } = await call('GET', `${TYPES}?page_size=100`, undefined, shopToken).expect(200);
    const byName = new Map((body.results as { name: string }[]).map((type) => [type.name, type]));
    expect(body.count).toBe(byName.size);
    expect([...byName.keys()]).toEqual([...byName.keys()].sort());
    const any = { version: null, schema: null, example: null };
    expect(byName.get('order.returned')).toEqual({
      ...any,
      name: 'order.returned',
      description: 'An order came back.',
      source: 'settings',
    });
    expect(byName.get('package.created')).toMatchObject({ source: 'catalogue' });
    expect(byName.get('a.first')).toEqual({
      ...any,
      name: 'a.first',
      description: 'First.',
      source: 'api',
      version: 1,
    });
    expect((await call('GET', '/whisperer/hooks/registry/').expect(200)).body).toEqual(
      expect.arrayContaining(['package.created', 'order.returned', 'a.first']),
    );
  });

  it('is known to every replica as soon as it is made, and checks payloads by the newest schema', async () => {
    await publish('b.second', {}).expect(400);
    await call('POST', TYPES, { name: 'b.second', description: '', schema, example: { id: 1 } }).expect(201);
    expect((await publish('b.second', {}, other).expect(400)).body).toEqual({
      instance: { data: ["must have required property 'id'"] },
    });
    await publish('b.second', { id: 1 }, other).expect(202);
    const hook = { target_url: 'http://127.0.0.1:9/', event_type: 'b.second' };
    const { body: webhook } = await call('POST', '/whisperer/hooks/', hook, TOKEN, other).expect(201);
    const single = { hook: webhook.id as number, instance: { pk: 1, model: 'package', data: { id: 'x' } } };
    expect(
      (await call('POST', '/api/v1/oms/oms_hook_events/publish-event/', single).expect(400)).body,
    ).toEqual({
      instance: { data: ['/id: must be integer'] },
    });

    const looser = { ...schema, required: [] };
    const changed = await call('PATCH', `${TYPES}b.second/`, { schema: looser }).expect(200);
    expect(changed.body).toMatchObject({ version: 2, schema: looser, example: { id: 1 } });
    expect((changed.body.versions as { version: number }[]).map(({ version }) => version)).toEqual([2, 1]);
    await publish('b.second', {}).expect(202);
    // Only words: no new version.
    const described = await call('PATCH', `${TYPES}b.second/`, { description: 'Second.' }).expect(200);
    expect(described.body).toMatchObject({ version: 2, description: 'Second.' });

    await call('DELETE', `${TYPES}b.second/`).expect(204);
    await call('GET', `${TYPES}b.second/`).expect(404);
    await publish('b.second', {}).expect(400);
  });

  it('may replace one of the catalogue or the settings, and gives it back', async () => {
    await call('PATCH', `${TYPES}package.created/`, { description: '' }).expect(409);
    await call('DELETE', `${TYPES}order.returned/`).expect(409);
    await call('POST', TYPES, { name: 'order.returned', description: '', schema }).expect(201);
    await publish('order.returned', {}).expect(400);
    await call('DELETE', `${TYPES}order.returned/`).expect(204);
    await publish('order.returned', {}).expect(202);
  });

  it('is written by superusers alone', async () => {
    await call('POST', TYPES, { name: 'c', description: '' }, shopToken).expect(403);
    await call('PATCH', `${TYPES}a.first/`, { description: '' }, shopToken).expect(403);
    await call('DELETE', `${TYPES}a.first/`, undefined, shopToken).expect(403);
  });

  it.each([
    [{}, { name: ['This field is required.'], description: ['This field is required.'] }],
    [{ name: 'a b', description: '' }, { name: ['Only letters, digits, dots, underscores and dashes.'] }],
    [
      { name: 'package-created', description: '' },
      { name: ['"package-created" is taken as "package.created".'] },
    ],
    [
      { name: 'd', description: '', schema: { $ref: 'https://example.com/' } },
      { schema: ['The schema has a $ref at # that is none within the schema, like "#/$defs/item".'] },
    ],
    [
      { name: 'd', description: '', schema: [] },
      { schema: ['Expected a dictionary of items but got type "list".'] },
    ],
    [{ name: 'd', description: '', schema, example: { id: 'x' } }, { example: ['/id: must be integer'] }],
  ])('refuses %j', async (body, errors) => {
    expect((await call('POST', TYPES, body).expect(400)).body).toEqual(errors);
  });

  it('has each name once', async () => {
    await call('POST', TYPES, { name: 'e', description: '' }).expect(201);
    expect((await call('POST', TYPES, { name: 'e', description: '' }).expect(400)).body).toEqual({
      name: ['event type with this name already exists.'],
    });
  });

  it('is in the audit log', async () => {
    await call('POST', TYPES, { name: 'f', description: 'F.', schema }).expect(201);
    const { body } = await call('GET', '/api/v1/oms/audit/?object_type=event_type').expect(200);
    expect(body.results[0]).toMatchObject({ action: 'create', object_type: 'event_type' });
  });
});
