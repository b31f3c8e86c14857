import { disableWebhook } from '@oms-webhooks/db';
import { missingPermissions } from '@oms-webhooks/domain';
import fc from 'fast-check';
import { runRegistry, type Account, type RunningRegistry } from '../testing/run-registry.ts';

const ALL = ['get-users', 'update-user'];
const REASON = /^The account has no role that holds every permission of Users \(app:.+\); missing: /;

let registry: RunningRegistry;
let publisher: Account;
let app: string;
let accounts = 0;
const subscriber = (permissions = [ALL]) => registry.account(`subscriber-${++accounts}`, permissions);
const ask = (permissions: string[]) => publisher.os1('patch', '/apps').send({ permissions }).expect(200);
beforeAll(async () => {
  registry = await runRegistry();
  publisher = await registry.account('publisher');
  const made = await publisher.os1('post', '/apps').send({ permissions: ALL, name: 'Users' });
  app = made.body.data.id as string;
  const events = ['A', 'B'].map((name) => ({ name, eventType: name, type: 'users' }));
  await publisher.os1('post', '/topics/entity/events').send({ events }).expect(201);
});
beforeEach(() => ask(ALL));
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

const subscribe = (account: Account, fields: object = {}) =>
  account.os1('post', '/subscriptions').send({
    topic: 'entity',
    eventAppId: app,
    events: ['A'],
    webhook: { url: 'http://127.0.0.1:9/' },
    ...fields,
  });
async function subscription(account: Account, fields: object = {}) {
  const { id } = (await subscribe(account, fields).expect(201)).body.data as { id: string };
  const { rows } = await registry.database.pool.query<{ id: number }>(
    'SELECT id FROM webhook WHERE subscription_id = $1',
    [id],
  );
  const webhook = rows[0]?.id ?? 0;
  return {
    id,
    webhook,
    state: async () => {
      const found = await registry.database.pool.query<{
        active: boolean;
        lost: boolean;
        reason: string | null;
      }>(
        'SELECT is_active AS active, permission_lost AS lost, disabled_reason AS reason FROM webhook WHERE id = $1',
        [webhook],
      );
      return found.rows[0];
    },
    set: (isActive: boolean) => account.os1('patch', `/subscriptions/${id}`).send({ isActive }),
  };
}
const SUSPENDED = { active: false, lost: true, reason: expect.stringMatching(REASON) as string };
const ACTIVE = { active: true, lost: false, reason: null };

describe('a subscription whose account', () => {
  it('loses a role is suspended at once with what it had to send, and resumed when it gets it back', async () => {
    const account = await subscriber();
    const { id, webhook, state } = await subscription(account);
    await registry.database.pool.query(
      `INSERT INTO webhook_event (uuid, webhook_id, event_type, object_id, payload, next_attempt_at)
       VALUES (gen_random_uuid(), $1, 'A', '1', '{}', now() + interval '1 hour')`,
      [webhook],
    );
    await account.roles(['get-users'], ['update-user']);
    expect(await state()).toEqual(SUSPENDED);
    const { rows } = await registry.database.pool.query(
      'SELECT state, last_error FROM webhook_event WHERE webhook_id = $1',
      [webhook],
    );
    expect(rows).toEqual([{ state: 'cancelled', last_error: SUSPENDED.reason }]);
    const shown = await account.os1('get', `/subscriptions/${id}`);
    expect(shown.body.data).toMatchObject({
      isActive: true,
      disabledEvents: [{ name: 'A', reason: SUSPENDED.reason }],
    });
    await account.roles(['other'], [...ALL, 'more']);
    expect(await state()).toEqual(ACTIVE);
    const log = await account.drf('get', `/api/v1/oms/audit/?object_type=webhook&object_id=${webhook}`);
    const entries = log.body.results as { action: string; account: string }[];
    expect(entries.map(({ action, account: by }) => [action, by])).toEqual([
      ['update', 'admin'],
      ['disable', 'system'],
    ]);
  });

  it('has the role by another token keeps it, until that one is revoked', async () => {
    const account = await subscriber();
    const second = await registry.account(account.name, [ALL]);
    const { state } = await subscription(account);
    await account.revoke();
    expect(await state()).toEqual(ACTIVE);
    await second.revoke();
    expect(await state()).toEqual(SUSPENDED);
    await registry.account(account.name, [ALL]);
    expect(await state()).toEqual(ACTIVE);
  });

  it('is asked for more is suspended, and resumed when its publisher asks for less', async () => {
    const account = await subscriber();
    const { state } = await subscription(account);
    await ask([...ALL, 'delete-user']);
    expect(await state()).toEqual({ ...SUSPENDED, reason: expect.stringMatching(/missing: delete-user\.$/) });
    await ask([...ALL, 'delete-user', 'list-users']);
    expect((await state())?.reason).toMatch(/missing: delete-user, list-users\.$/);
    await ask([]);
    expect(await state()).toEqual(ACTIVE);
  });

  it('cannot activate or extend it without the permission', async () => {
    const account = await subscriber();
    const { id, state, set } = await subscription(account);
    await account.roles();
    expect((await set(true)).status).toBe(403);
    const add = { action: 'add', events: ['B'] };
    expect((await account.os1('patch', `/subscriptions/${id}/events`).send(add)).status).toBe(403);
    await account.os1('patch', `/subscriptions/${id}`).send({ description: 'still mine' }).expect(200);
    expect(await state()).toEqual(SUSPENDED);
  });

  it('has switched it off does not have it back with the role', async () => {
    const account = await subscriber();
    const { state, set } = await subscription(account);
    const off = { active: false, lost: false, reason: null };
    await account.roles();
    await set(false).expect(200);
    await account.roles(ALL);
    expect(await state()).toEqual(off);
    await account.roles();
    expect(await state()).toEqual(off);
    await account.roles(ALL);
    await set(true).expect(200);
    expect(await state()).toEqual(ACTIVE);
  });

  it('has a webhook that was disabled for its target does not have that back with the role', async () => {
    const account = await subscriber();
    const { webhook, state, set } = await subscription(account);
    await disableWebhook(registry.database.pool, webhook, 'The target answered 410 Gone.');
    const gone = { active: false, lost: false, reason: 'The target answered 410 Gone.' };
    await account.roles();
    await account.roles(ALL);
    expect(await state()).toEqual(gone);
    await set(true).expect(200);
    expect(await state()).toEqual(ACTIVE);
  });
});

describe('permissions', () => {
  const permissions = fc.subarray(['a', 'b', 'c']);
  const roles = fc.array(permissions, { maxLength: 2 });
  const step = fc.oneof(
    fc.record({ kind: fc.constant('roles' as const), token: fc.nat(1), roles }),
    fc.record({ kind: fc.constant('app' as const), permissions }),
    fc.record({ kind: fc.constant('owner' as const), isActive: fc.boolean() }),
    fc.record({ kind: fc.constant('gone' as const) }),
  );

  it('decide after every change of whatever kind, and nothing else is brought back by them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 10 }), async (steps) => {
        await ask([]);
        const first = await subscriber([]);
        const tokens = [first, await registry.account(first.name)];
        const { webhook, state, set } = await subscription(first);
        const held: string[][][] = [[], []];
        let asked: string[] = [];
        let [wanted, gone] = [true, false];
        const may = () =>
          missingPermissions(
            asked,
            held.flat().map((role) => ({ permissions: role })),
          ).length === 0;
        for (const change of steps) {
          if (change.kind === 'roles') {
            held[change.token] = change.roles;
            await tokens[change.token]?.roles(...change.roles);
          } else if (change.kind === 'app') {
            asked = change.permissions;
            await ask(asked);
          } else if (change.kind === 'owner') {
            const expected = change.isActive && !may() ? 403 : 200;
            await set(change.isActive).expect(expected);
            if (expected === 200) [wanted, gone] = [change.isActive, false];
          } else {
            const disabled = await disableWebhook(registry.database.pool, webhook, 'Gone.');
            gone ||= disabled !== undefined;
          }
          const found = await state();
          expect([change, found?.active]).toEqual([change, wanted && !gone && may()]);
          expect(found?.lost).toBe(wanted && !gone && !may());
        }
      }),
      { numRuns: 12 },
    );
  }, 120_000);

  it('hold for subscriptions that are made while they are lost', async () => {
    for (let round = 0; round < 5; round += 1) {
      const account = await subscriber();
      const answers = await Promise.all([
        subscribe(account),
        subscribe(account),
        account.roles(['get-users']),
        subscribe(account),
        ask([...ALL, 'more']),
        subscribe(account),
      ]);
      const statuses = [answers[0], answers[1], answers[3], answers[5]].map(({ status }) => status);
      for (const status of statuses) expect([201, 403]).toContain(status);
      const { rows } = await registry.database.pool.query<{ active: number; suspended: number }>(
        `SELECT count(*) FILTER (WHERE w.is_active) AS active, count(*) FILTER (WHERE w.permission_lost) AS suspended
           FROM webhook w JOIN account a ON a.id = w.account_id WHERE a.name = $1`,
        [account.name],
      );
      expect(rows).toEqual([{ active: 0, suspended: statuses.filter((status) => status === 201).length }]);
      await ask(ALL);
    }
  });
});
