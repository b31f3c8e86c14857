import { runRegistry, type Account, type RunningRegistry } from '../testing/run-registry.ts';

const HOOKS = '/whisperer/hooks/';
const HELD = [['get-users']];
const target = (path: string) => `http://127.0.0.1:9/${path}`;

let registry: RunningRegistry;
let accounts = 0;
let app: string;
const account = (permissions = HELD) => registry.account(`account-${++accounts}`, permissions);
async function publisher(
  permissions: string[],
  events: string[],
  tenant = '',
): Promise<Account & { app: string }> {
  const made = await account();
  const { body } = await made.os1('post', '/apps', tenant).send({ permissions }).expect(201);
  const registered = events.map((name) => ({ name, eventType: name, type: 'users' }));
  await made.os1('post', '/topics/entity/events', tenant).send({ events: registered }).expect(201);
  return { ...made, app: body.data.id as string };
}
beforeAll(async () => {
  registry = await runRegistry();
  await publisher(['never-held'], ['Shared']);
  ({ app } = await publisher(['get-users'], ['Shared', 'UserCreated', 'package.created', 'Other']));
  await publisher([], ['Hidden'], 'eu');
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

const hook = (who: Account, event_type: string, path = 'plain') =>
  who.drf('post', HOOKS).send({ target_url: target(path), event_type });
const row = async (id: number) =>
  (
    await registry.database.pool.query<Record<string, unknown>>(
      `SELECT w.is_active AS active, w.permission_lost AS lost, 'app:' || e.app_id AS app, e.name AS event
         FROM webhook w LEFT JOIN published_event e ON e.id = w.published_event_id WHERE w.id = $1`,
      [id],
    )
  ).rows[0];

describe('a webhook of a published event', () => {
  it('is bound to the oldest that the account may subscribe to; a built-in type stays one', async () => {
    const who = await account();
    const shared = await hook(who, 'Shared');
    expect([shared.status, shared.body.event_type]).toEqual([201, 'Shared']);
    expect(await row(shared.body.id as number)).toEqual({ active: true, lost: false, app, event: 'Shared' });
    const builtIn = await hook(who, 'package.created');
    expect(await row(builtIn.body.id as number)).toMatchObject({ app: null, event: null });
    const hidden = await hook(who, 'Hidden');
    expect([hidden.status, hidden.body]).toEqual([400, { event_type: ['"Hidden" is not a valid choice.'] }]);
  });

  it('is refused to an account that lacks a permission', async () => {
    const refused = await hook(await account([]), 'UserCreated');
    expect([refused.status, refused.body]).toEqual([
      403,
      { detail: 'You do not have permission to perform this action.' },
    ]);
  });

  it('is suspended and resumed with the role, and is not activated without it', async () => {
    const who = await account();
    const { id } = (await hook(who, 'UserCreated')).body as { id: number };
    const patch = (changes: object) => who.drf('patch', `${HOOKS}${id}/`).send(changes);
    await who.roles();
    expect(await row(id)).toMatchObject({ active: false, lost: true });
    expect((await patch({ is_active: true })).status).toBe(403);
    expect((await patch({ event_type: 'Other' })).status).toBe(403);
    await who.roles(['get-users']);
    expect(await row(id)).toMatchObject({ active: true, lost: false });
    await who.roles();
    await patch({ event_type: 'package.created' }).expect(200);
    expect(await row(id)).toEqual({ active: true, lost: false, app: null, event: null });
    await who.roles(['get-users']);
    await patch({ event_type: 'Other' }).expect(200);
    expect(await row(id)).toEqual({ active: true, lost: false, app, event: 'Other' });
    await who.drf('delete', `${HOOKS}${id}/`).expect(204);
    await who.roles();
    await who.roles(['get-users']);
    expect(await row(id)).toMatchObject({ active: false, lost: false });
  });

  it('is deactivated when its publisher deletes the event, and keeps its name when it has the new one', async () => {
    const owner = await publisher([], ['Deleted', 'Before', 'Between']);
    const who = await account([]);
    const deleted = (await hook(who, 'Deleted')).body as { id: number };
    const [before, between] = [await hook(who, 'Before'), await hook(who, 'Between')];
    await owner
      .os1('delete', '/topics/entity/events')
      .send({ events: ['Deleted', 'Between'] })
      .expect(200);
    expect(await row(deleted.id)).toEqual({ active: false, lost: false, app: null, event: null });
    const rename = owner.os1('put', '/topics/entity/events/Before');
    await rename.send({ events: [{ name: 'Between' }] }).expect(200);
    expect(await row(before.body.id as number)).toMatchObject({ active: true, event: 'Between' });
    expect((await who.drf('get', `${HOOKS}${before.body.id}/`)).body.event_type).toBe('Before');
    expect(await row(between.body.id as number)).toMatchObject({ active: false, event: null });
  });
});

describe('a webhook of a subscription', () => {
  const webhook = { url: target('subscribed'), signatureKey: 'a2V5' };
  const subscription = (events: string[]) => ({ topic: 'entity', eventAppId: app, events, webhook });

  it('stands beside a plain one of the same target and type', async () => {
    const who = await account();
    await hook(who, 'UserCreated', 'subscribed').expect(201);
    for (let times = 0; times < 2; times += 1)
      await who
        .os1('post', '/subscriptions')
        .send(subscription(['UserCreated']))
        .expect(201);
    expect((await who.drf('get', HOOKS)).body.count).toBe(3);
    const again = await hook(who, 'UserCreated', 'subscribed');
    expect([again.status, again.body.code]).toEqual([406, 'webhook_100_2']);
  });

  it('has settings of its own, while the rest is changed by the subscription alone', async () => {
    const who = await account();
    const made = await who
      .os1('post', '/subscriptions')
      .send(subscription(['UserCreated']))
      .expect(201);
    const id = made.body.data.id as string;
    const { results } = (await who.drf('get', HOOKS)).body as { results: { id: number }[] };
    const [listed] = results;
    const path = `${HOOKS}${listed?.id}/`;
    const words = `Belongs to the subscription ${id}; change it there.`;
    const refused = await who
      .drf('patch', path)
      .send({ target_url: target('x'), is_active: false, callback: 'c' });
    expect([refused.status, refused.body]).toEqual([400, { target_url: [words], is_active: [words] }]);
    const put = await who.drf('put', path).send({ ...listed, callback: 'mine' });
    expect([put.status, put.body]).toEqual([
      200,
      {
        ...listed,
        callback: 'mine',
        modified_date: expect.any(String) as string,
        retry_countdown_config: { choice: 'exponential', kwargs: { base: 2, factor: 1 } },
      },
    ]);
    const deleted = await who.drf('delete', path);
    expect([deleted.status, deleted.body]).toEqual([406, { code: 'webhook_100_3', en: words }]);
    expect((await who.os1('get', `/subscriptions/${id}`)).body.data.events).toEqual(['UserCreated']);
  });
});
