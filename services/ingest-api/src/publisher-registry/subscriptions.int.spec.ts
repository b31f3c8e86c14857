import {
  names,
  SIGNATURE_KEY as KEY,
  subscribable,
  TARGET_URL as URL,
  type Subscribable,
} from '../testing/registry-fixtures.ts';
import { runRegistry, type RunningRegistry } from '../testing/run-registry.ts';

let registry: RunningRegistry;
let publisher: Subscribable['publisher'];
let app: Subscribable['app'];
let body: Subscribable['body'];
let subscriber: Subscribable['subscriber'];
let subscribe: Subscribable['subscribe'];
beforeAll(async () => {
  registry = await runRegistry({ SECRETS_KEY: 'a key of this house' });
  ({ publisher, app, body, subscriber, subscribe } = await subscribable(registry));
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

const webhooks = async (id: string) =>
  (
    await registry.database.pool.query<Record<string, unknown>>(
      `SELECT event_type, is_active, target_url, custom_attributes, published_event_id, disabled_reason, permission_lost,
              previous_secret_until IS NOT NULL AS rotating, deleted_date IS NOT NULL AS deleted
         FROM webhook WHERE subscription_id = $1 ORDER BY id`,
      [id],
    )
  ).rows;

describe('a subscription', () => {
  it('is made, listed and read without its key, and has a webhook for each event', async () => {
    const account = await subscriber();
    const made = await account.os1('post', '/subscriptions').send(body({ customAttr: true }));
    const { id } = made.body.data as { id: string };
    const shown = {
      id,
      description: 'who joins',
      topic: 'participant',
      eventAppId: app,
      isActive: true,
      customAttr: true,
    };
    const details = { ...shown, events: ['Event0', 'Event1'], webhook: { url: URL }, disabledEvents: [] };
    expect([made.status, made.body]).toEqual([201, { data: details }]);
    expect((await account.os1('get', `/subscriptions/${id}`)).body).toEqual({ data: details });
    expect((await account.os1('get', '/subscriptions')).body).toEqual({
      data: { meta: { nextPage: null, hasNextPage: false }, subscriptions: [shown] },
    });
    expect(await webhooks(id)).toMatchObject([
      { event_type: 'Event0', is_active: true, target_url: URL, custom_attributes: true },
      { event_type: 'Event1', is_active: true, target_url: URL, custom_attributes: true },
    ]);
    const hooks = await account.drf('get', '/whisperer/hooks/');
    expect(hooks.body.results).toMatchObject([{ secret_key: KEY }, { secret_key: KEY }]);
    const { rows } = await registry.database.pool.query<{ text: string }>(
      `SELECT string_agg(t, '') AS text FROM (SELECT s::text AS t FROM subscription s UNION ALL SELECT w::text FROM webhook w
         UNION ALL SELECT a::text FROM audit_entry a) x`,
    );
    expect(rows[0]?.text).not.toContain(KEY);
  });

  it('is found by its account in its tenant alone', async () => {
    const [account, other] = await Promise.all([subscriber(), subscriber()]);
    const id = await subscribe(account);
    for (const [who, tenant] of [
      [other, ''],
      [account, 'eu'],
    ] as const) {
      expect((await who.os1('get', '/subscriptions', tenant)).body.data.subscriptions).toEqual([]);
      const answers = await Promise.all([
        who.os1('get', `/subscriptions/${id}`, tenant),
        who.os1('patch', `/subscriptions/${id}`, tenant).send({ isActive: false }),
        who.os1('patch', `/subscriptions/${id}/events`, tenant).send({ action: 'add', events: ['Event3'] }),
        who.os1('delete', `/subscriptions/${id}`, tenant),
      ]);
      expect(answers.map(({ status, body }) => [status, String(body.error.code).slice(8)])).toEqual(
        Array.from({ length: 4 }, () => [404, '4044']),
      );
    }
    const across = await account.os1('post', '/subscriptions', 'eu').send(body());
    expect([across.status, across.body.error.additionalInfo.errorTrace[0].field]).toEqual([
      400,
      'eventAppId',
    ]);
  });

  it.each([
    ['no app', { eventAppId: 'app:11111111-1111-4111-8111-111111111111' }, 'eventAppId'],
    ['an app id that is none', { eventAppId: 'users' }, 'eventAppId'],
    ['another topic', { topic: 'orders' }, 'topic'],
    ['no events', { events: [] }, 'events'],
    ['21 events', { events: names(21) }, 'events'],
    ['an unknown event', { events: ['Event0', 'EventX'] }, 'events'],
    ['events of another topic', { topic: 'entity' }, 'events'],
    [
      'a key that is no base64',
      { webhook: { url: URL, signatureKey: 'not base64!' } },
      'webhook.signatureKey',
    ],
    [
      'a broken Standard Webhooks key',
      { webhook: { url: URL, signatureKey: 'whsec_' } },
      'webhook.signatureKey',
    ],
    ['no webhook', { webhook: undefined }, 'webhook'],
    ['no URL', { webhook: { signatureKey: KEY } }, 'webhook.url'],
    ['a URL with a password', { webhook: { url: 'http://u:hush@127.0.0.1/' } }, 'webhook.url'],
    ['a forbidden address', { webhook: { url: 'http://10.0.0.1/' } }, 'webhook.url'],
  ])('is refused with 400: %s', async (_, fields, field) => {
    const account = await subscriber();
    const answer = await account.os1('post', '/subscriptions').send(body(fields));
    expect([answer.status, answer.body.error.additionalInfo.errorTrace[0].field]).toEqual([400, field]);
    expect(answer.text).not.toContain(KEY);
    expect(answer.text).not.toContain('hush');
    expect((await account.os1('get', '/subscriptions')).body.data.subscriptions).toEqual([]);
  });

  it('is refused to an account none of whose roles holds every permission, a superuser included', async () => {
    const parts = await subscriber([['get-users'], ['get-user-details']]);
    const superuser = await registry.account('root', [], { superuser: true });
    for (const account of [parts, superuser]) {
      const { status, body: answer } = await account.os1('post', '/subscriptions').send(body());
      expect([status, answer.error.code]).toEqual([403, '101003014031']);
      expect(answer.error.description).toMatch(/^No role of this account .+; missing: get-user.+\.$/);
    }
  });

  it('is changed as a whole: webhooks follow, and a replaced key goes on signing for a day', async () => {
    const account = await subscriber();
    const id = await subscribe(account);
    const patch = (changes: object) => account.os1('patch', `/subscriptions/${id}`).send(changes);
    const url = 'http://127.0.0.1:9/elsewhere';
    const changed = await patch({
      description: '',
      customAttr: true,
      isActive: false,
      webhook: { url, signatureKey: 'bmV3' },
    });
    expect([changed.status, changed.body.data]).toMatchObject([
      200,
      { description: '', customAttr: true, isActive: false, webhook: { url }, events: ['Event0', 'Event1'] },
    ]);
    const off = { target_url: url, custom_attributes: true, is_active: false, rotating: true };
    expect(await webhooks(id)).toMatchObject([off, off]);
    await patch({ isActive: true }).expect(200);
    expect(await webhooks(id)).toMatchObject([{ is_active: true }, { is_active: true }]);
    expect((await patch({ webhook: { url: 'http://10.0.0.1/' } })).status).toBe(400);
  });

  it('gains and loses events, 20 at most', async () => {
    const account = await subscriber();
    const id = await subscribe(account);
    const change = (action: string, ...events: string[]) =>
      account.os1('patch', `/subscriptions/${id}/events`).send({ action, events });
    const eventsOf = async (answer: ReturnType<typeof change>) =>
      (await answer.expect(200)).body.data.events as string[];
    expect(await eventsOf(change('add', 'Event1', 'Event3'))).toEqual(['Event0', 'Event1', 'Event3']);
    expect(await eventsOf(change('remove', 'Event0', 'Event3'))).toEqual(['Event1']);
    expect(await webhooks(id)).toMatchObject([
      { event_type: 'Event0', is_active: false, deleted: true, published_event_id: null },
      { event_type: 'Event1', is_active: true, deleted: false },
      { event_type: 'Event3', is_active: false, deleted: true },
    ]);
    expect(await eventsOf(change('add', 'Event0'))).toEqual(['Event0', 'Event1']);
    expect(await webhooks(id)).toHaveLength(3);
    expect((await change('add', 'EventX')).status).toBe(400);
    expect((await change('remove', 'Event3')).status).toBe(400);
    expect((await change('replace', 'Event3')).status).toBe(400);
    await change('add', ...names(20).slice(2)).expect(200);
    const full = await change('add', 'Event21');
    expect([full.status, full.body.error.additionalInfo.errorTrace[0].message]).toEqual([
      400,
      'A subscription has no more than 20 events.',
    ]);
    expect(await eventsOf(change('remove', ...names(20)))).toEqual([]);
  });

  it('has no more than 20 events when they are added at the same time', async () => {
    const account = await subscriber();
    const id = await subscribe(account, { events: names(15) });
    const answers = await Promise.all(
      [names(18).slice(15), names(21).slice(18), names(24).slice(21)].map((events) =>
        account.os1('patch', `/subscriptions/${id}/events`).send({ action: 'add', events }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400, 400]);
    expect((await account.os1('get', `/subscriptions/${id}`)).body.data.events).toHaveLength(18);
  });

  it('is gone when it is deleted, and what it has sent stays readable', async () => {
    const account = await subscriber();
    const id = await subscribe(account);
    await registry.database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, object_id, payload, next_attempt_at)
       SELECT gen_random_uuid(), id, event_type, '1', '{}', now() + interval '1 hour' FROM webhook WHERE subscription_id = $1`,
      [id],
    );
    await account.os1('delete', `/subscriptions/${id}`).expect(200);
    expect((await account.os1('get', `/subscriptions/${id}`)).status).toBe(404);
    expect((await account.os1('delete', `/subscriptions/${id}`)).status).toBe(404);
    const events = await account.drf('get', '/api/v1/oms/oms_hook_events/');
    expect(events.body.results).toMatchObject([
      { state: 'cancelled', content_type: null },
      { state: 'cancelled', content_type: null },
    ]);
  });

  it('loses an event that its publisher deletes, and follows one that is renamed', async () => {
    const account = await subscriber();
    const events = ['Doomed', 'Renamed', 'Other'].map((name) => ({ name, eventType: name, type: 'users' }));
    await publisher.os1('post', '/topics/container/events').send({ events }).expect(201);
    const id = await subscribe(account, { topic: 'container', events: ['Doomed', 'Renamed'] });
    await registry.database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, object_id, payload, next_attempt_at)
       SELECT gen_random_uuid(), id, event_type, '1', '{}', now() + interval '1 hour' FROM webhook
        WHERE subscription_id = $1 AND event_type = 'Doomed'`,
      [id],
    );
    const gone = await publisher.os1('delete', '/topics/container/events').send({ events: ['Doomed'] });
    expect(gone.body).toEqual({ data: { events: ['Doomed'], subscriptions: 1 } });
    const put = publisher.os1('put', '/topics/container/events/Renamed');
    await put.send({ events: [{ name: 'Doomed' }] }).expect(200);
    expect((await account.os1('get', `/subscriptions/${id}`)).body.data.events).toEqual(['Doomed']);
    expect(await webhooks(id)).toMatchObject([
      { deleted: true, is_active: false, disabled_reason: 'The published event Doomed was deleted.' },
      { deleted: false, is_active: true, event_type: 'Doomed' },
    ]);
    const { body: listed } = await account.drf('get', '/api/v1/oms/oms_hook_events/');
    expect(listed.results).toMatchObject([
      { state: 'cancelled', last_error: 'The published event Doomed was deleted.' },
    ]);
  });

  it('is in the audit log, its key masked', async () => {
    const account = await subscriber();
    const id = await subscribe(account);
    await account.os1('patch', `/subscriptions/${id}`).send({ webhook: { signatureKey: 'bmV3' } });
    await account.os1('patch', `/subscriptions/${id}/events`).send({ action: 'remove', events: ['Event1'] });
    await account.os1('delete', `/subscriptions/${id}`);
    const { body: log } = await account.drf(
      'get',
      `/api/v1/oms/audit/?object_type=subscription&object_id=${id}`,
    );
    const entries = log.results as { action: string; changes: object }[];
    expect(entries.map(({ action }) => action)).toEqual(['delete', 'update', 'update', 'create']);
    expect(entries[2]?.changes).toEqual({ signature_key: ['***', '***'] });
    expect(entries[1]?.changes).toEqual({ events: [['Event0', 'Event1'], ['Event0']] });
  });
});
