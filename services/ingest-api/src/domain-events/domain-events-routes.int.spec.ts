import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import fc from 'fast-check';
import request from 'supertest';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';
const SINGLE = '/api/v1/oms/events/';
const BATCH = '/api/v1/oms/events/batch/';

interface Stored {
  uuid: string;
  webhook: number;
  event_type: string;
  content_type: number;
  object_id: string;
  payload: string | null;
  traceparent: string | null;
}

describe('POST /api/v1/oms/events/', () => {
  let database: Database;
  let api: RunningIngestApi;
  let shopToken: string;
  let publisherToken: string;

  beforeAll(async () => {
    database = await openSpecDatabase();
    api = await runIngestApi(await freePort(), {
      DATABASE_URL: database.url,
      API_TOKEN: TOKEN,
      EVENT_TYPES: JSON.stringify({
        'order.returned': {
          description: 'An order came back.',
          schema: {
            type: 'object',
            properties: { items: { items: { properties: { sku: { type: 'string' } } } } },
          },
        },
      }),
    });
    const tokenOf = async (account: string, permissions: string[]) => {
      const roles = [{ name: 'role', permissions }];
      const { body } = await call('/api/v1/oms/tokens/', { account, roles }).expect(201);
      return String(body.token);
    };
    shopToken = await tokenOf('shop', ['get-users']);
    publisherToken = await tokenOf('oms', ['publish-events']);
  });
  beforeEach(async () => {
    await database.pool.query('DELETE FROM webhook_event; DELETE FROM webhook; DELETE FROM idempotency_key');
  });
  afterEach(() => {
    expect(api.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
  afterAll(async () => {
    await api.stop();
    await database.close();
  });

  const call = (path: string, body: string | object, token = TOKEN, headers: Record<string, string> = {}) =>
    request(api.url)
      .post(path)
      .set('Authorization', `Token ${token}`)
      .set({ 'Content-Type': 'application/json', ...headers })
      .send(typeof body === 'string' ? body : JSON.stringify(body));
  let hooks = 0;
  const hook = async (token = TOKEN, more: object = {}): Promise<number> => {
    const body = { target_url: `http://127.0.0.1:9/${(hooks += 1)}`, event_type: 'package.created', ...more };
    return Number((await call('/whisperer/hooks/', body, token).expect(201)).body.id);
  };
  const stored = async () => {
    const { rows } = await database.pool.query<Stored>(
      `SELECT uuid, webhook_id AS webhook, event_type, content_type, object_id, payload, traceparent
         FROM webhook_event ORDER BY id`,
    );
    return rows;
  };
  const shown = (events: Stored[]) => events.map(({ uuid, webhook }) => ({ uuid, webhook }));
  const event = (pk: number | string = 8812, data: object | undefined = { id: pk }) => ({
    event_type: 'package.created',
    instance: { pk, model: 'package', data },
  });

  it('publishes to every active webhook of the type, at once after it was created', async () => {
    const [first, second] = [await hook(), await hook(shopToken)];
    await hook(TOKEN, { is_active: false });
    await hook(TOKEN, { event_type: 'package.status.packed' });
    const text = `{"event_type":"package-created","instance":{"pk":"8812","model":"package","data":{"b":1.10,"a":9007199254740993}}}`;
    const { body } = await call(SINGLE, text, TOKEN, {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    }).expect(202);
    const events = await stored();
    expect(body).toEqual({ events: shown(events) });
    expect(events.map(({ webhook }) => webhook)).toEqual([first, second]);
    expect(events[0]).toMatchObject({
      event_type: 'package.created',
      content_type: 4,
      object_id: '8812',
      payload: '{"b":1.10,"a":9007199254740993}',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    const third = await hook();
    const again = await call(SINGLE, event()).expect(202);
    expect((again.body.events as Stored[]).map(({ webhook }) => webhook)).toEqual([first, second, third]);
  });

  it('is heard by nobody where nobody listens, and leaves the look-up to the dispatcher without data', async () => {
    expect((await call(SINGLE, event()).expect(202)).body).toEqual({ events: [] });
    await hook();
    await call(SINGLE, { event_type: 'package.created', instance: { pk: 1, model: 'package' } }).expect(202);
    expect(await stored()).toMatchObject([{ payload: null }]);
  });

  it('is heard by the webhooks of its own account, unless a role may publish to all', async () => {
    const [admins, shops] = [await hook(), await hook(shopToken)];
    const heard = async (token: string) =>
      ((await call(SINGLE, event(), token).expect(202)).body.events as Stored[]).map(
        ({ webhook }) => webhook,
      );
    expect(await heard(shopToken)).toEqual([shops]);
    expect(await heard(publisherToken)).toEqual([admins, shops]);
    expect(await heard(TOKEN)).toEqual([admins, shops]);
  });

  it.each([
    [
      { event_type: 'x.y', instance: { pk: 1, model: 'package' } },
      { event_type: ['"x.y" is not a valid choice.'] },
    ],
    [{}, { event_type: ['This field is required.'], instance: ['This field is required.'] }],
    [
      { event_type: 'package.created', instance: { pk: [], model: 'x', data: [] } },
      {
        instance: {
          pk: ['Not a valid string.'],
          model: ['"x" is not a valid choice.'],
          data: ['Expected a dictionary of items but got type "list".'],
        },
      },
    ],
    [
      { event_type: 'order.returned', instance: { pk: 1, model: 'package', data: { items: [{ sku: 1 }] } } },
      { instance: { data: ['/items/0/sku: must be string'] } },
    ],
    [
      { ...event(), idempotency_key: 'a b' },
      { idempotency_key: ['Must be 1 to 255 printable ASCII characters without spaces.'] },
    ],
    [[], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
  ])('refuses %j', async (body, errors) => {
    expect((await call(SINGLE, body).expect(400)).body).toEqual(errors);
    const { body: batch } = await call(BATCH, { events: [body, event()] }).expect(202);
    expect(batch).toEqual({ results: [{ errors }, { events: [] }] });
  });

  it('answers the same key and body the same again, with the same uuids, and another body with 409', async () => {
    await hook();
    const key = { 'Idempotency-Key': 'order-1' };
    const first = await call(SINGLE, event(), TOKEN, key).expect(202);
    await hook();
    expect((await call(SINGLE, event(), TOKEN, key).expect(202)).body).toEqual(first.body);
    await call(SINGLE, event(9), TOKEN, key).expect(409);
    expect(shown(await stored())).toEqual(first.body.events);
    // The key within the body is the same key.
    const { body } = await call(BATCH, {
      events: [
        { ...event(), idempotency_key: 'order-1' },
        { ...event(9), idempotency_key: 'order-1' },
      ],
    }).expect(202);
    expect(body.results).toEqual([
      first.body,
      { errors: { idempotency_key: ['Was used for another event within the last 24 hours.'] } },
    ]);
    // Keys are an account's own.
    await call(SINGLE, event(9), publisherToken, key).expect(202);
  });

  describe('as a CloudEvent', () => {
    const attributes = {
      specversion: '1.0',
      id: '1',
      source: '/oms',
      type: 'package.created',
      subject: 'package/8812',
    };
    const structured = { 'Content-Type': 'application/cloudevents+json' };
    const binary = (more: Record<string, string> = {}) =>
      Object.fromEntries(
        Object.entries({ ...attributes, ...more }).map(([name, value]) => [`ce-${name}`, value]),
      );

    it('is the same event, structured or binary, as natively', async () => {
      await hook();
      const model = fc.constantFrom('package', 'shipment');
      const pk = fc.oneof(fc.nat().map(String), fc.stringMatching(/^[a-z0-9_/ä-]{1,20}$/));
      const data = fc.option(fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.jsonValue({ maxDepth: 2 })));
      await fc.assert(
        fc.asyncProperty(fc.uuid(), model, pk, data, async (id, model, pk, data) => {
          await database.pool.query('DELETE FROM webhook_event');
          const subject = `${model}/${pk}`;
          const instance = { pk, model, ...(data && { data }) };
          await call(SINGLE, { event_type: 'package.created', instance }).expect(202);
          await call(SINGLE, { ...attributes, id, subject, ...(data && { data }) }, TOKEN, structured).expect(
            202,
          );
          await call(SINGLE, data ? JSON.stringify(data) : '', TOKEN, {
            ...binary({ id: `${id}-b`, subject: encodeURIComponent(subject) }),
          }).expect(202);
          const [native, ...others] = (await stored()).map((event) => ({ ...event, uuid: '' }));
          expect(others).toEqual([native, native]);
        }),
        { numRuns: 25 },
      );
    });

    it('is known by its id and source', async () => {
      await hook();
      const first = await call(SINGLE, { ...attributes, data: {} }, TOKEN, structured).expect(202);
      const again = await call(SINGLE, '{}', TOKEN, binary()).expect(202);
      expect(again.body).toEqual(first.body);
      await call(SINGLE, { ...attributes, data: { a: 1 } }, TOKEN, structured).expect(409);
      await call(SINGLE, { ...attributes, source: '/other', data: {} }, TOKEN, structured).expect(202);
      expect(await stored()).toHaveLength(2);
    });

    it('is refused by its attributes', async () => {
      const refused = async (changes: object) =>
        (await call(SINGLE, { ...attributes, ...changes }, TOKEN, structured).expect(400)).body as unknown;
      expect(await refused({ specversion: undefined, id: '' })).toEqual({
        specversion: ['This field is required.'],
        id: ['This field may not be blank.'],
      });
      expect(await refused({ type: 'x' })).toEqual({ type: ['"x" is not a valid choice.'] });
      expect(await refused({ subject: 'x/1', data: 7 })).toEqual({
        subject: ['"x" is not a valid choice.'],
        data: ['Expected a dictionary of items but got type "int".'],
      });
    });

    it('comes in batches of its own media type', async () => {
      const id = await hook();
      const type = { 'Content-Type': 'application/cloudevents-batch+json' };
      const { body } = await call(
        BATCH,
        [{ ...attributes, data: { n: 1.0 } }, { ...attributes, id: '2', subject: 'x' }, 7],
        TOKEN,
        type,
      ).expect(202);
      expect(body.results).toEqual([
        { events: [{ uuid: expect.any(String) as string, webhook: id }] },
        { errors: { subject: ['Must name the object as "<model>/<pk>", like "package/8812".'] } },
        { errors: { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] } },
      ]);
      await call(SINGLE, [], TOKEN, type).expect(415);
      await call(BATCH, attributes, TOKEN, structured).expect(415);
      await call(BATCH, attributes, TOKEN, type).expect(400);
    });
  });

  describe('in batches', () => {
    it('takes up to 1,000 events of a kibibyte, in their order', async () => {
      const [ordered] = [await hook(TOKEN, { config: { ordered: true } }), await hook()];
      const events = Array.from({ length: 1000 }, (_, n) =>
        event(n % 10 === 0 ? 'same' : n, { n, text: 'x'.repeat(1000) }),
      );
      const { body } = await call(BATCH, { events }).expect(202);
      expect(body.results).toHaveLength(1000);
      const rows = (await stored()).filter(({ webhook }) => webhook === ordered);
      expect(rows.map(({ uuid }) => uuid).sort()).toEqual(
        (body.results as { events: Stored[] }[]).map(({ events: [first] }) => first?.uuid ?? '').sort(),
      );
      const ofOne = rows.filter(({ object_id }) => object_id === 'same');
      const numbers = ofOne.map(({ payload }) => (JSON.parse(payload ?? '') as { n: number }).n);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      expect(numbers).toHaveLength(100);
    }, 60_000);

    it.each([
      [
        { events: Array.from({ length: 1001 }, () => event()) },
        { events: ['Ensure this field has no more than 1000 elements.'] },
      ],
      [{ events: {} }, { events: ['Expected a list of items but got type "dict".'] }],
      [{}, { events: ['This field is required.'] }],
    ])('refuses what is no list of so many', async (body, errors) => {
      expect((await call(BATCH, body).expect(400)).body).toEqual(errors);
    });

    it('refuses a body of more than 8 MiB', async () => {
      await call(BATCH, `{"events":[${' '.repeat(8 * 1024 * 1024)}]}`).expect(413);
    });
  });
});
