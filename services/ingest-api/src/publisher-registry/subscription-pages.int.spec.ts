import fc from 'fast-check';
import { runRegistry, type Account, type RunningRegistry } from '../testing/run-registry.ts';

const HELD = [['get-users', 'get-user-details']];
const URL = 'http://127.0.0.1:9/hook';
const KEY = 'c3dvcmRmaXNoLWluLWJhc2U2NA==';

let registry: RunningRegistry;
let app: string;
let accounts = 0;
let publisher: Account;
const subscriber = (permissions = HELD) => registry.account(`subscriber-${++accounts}`, permissions);
const names = (count: number) => Array.from({ length: count }, (_, at) => `Event${at}`);
beforeAll(async () => {
  registry = await runRegistry({ SECRETS_KEY: 'a key of this house' });
  publisher = await registry.account('publisher');
  for (const tenant of ['', 'eu']) {
    const made = await publisher.os1('post', '/apps', tenant).send({ permissions: HELD[0], name: 'Users' });
    if (tenant === '') app = made.body.data.id as string;
  }
  const events = names(25).map((name) => ({ name, description: '', eventType: name, type: 'users' }));
  await publisher.os1('post', '/topics/participant/events').send({ events }).expect(201);
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

const body = (fields: object = {}) => ({
  description: 'who joins',
  topic: 'participant',
  eventAppId: app,
  events: ['Event0', 'Event1'],
  webhook: { url: URL, signatureKey: KEY },
  ...fields,
});
async function subscribe(account: Account, fields: object = {}): Promise<string> {
  const made = await account.os1('post', '/subscriptions').send(body(fields)).expect(201);
  return made.body.data.id as string;
}

describe('pages of subscriptions', () => {
  it('show each one exactly once, whatever is made meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(7), fc.integer({ min: 1, max: 3 }), fc.nat(2), async (count, limit, more) => {
        const account = await subscriber();
        const atStart: string[] = [];
        for (let made = 0; made < count; made += 1) atStart.push(await subscribe(account));
        const seen: string[] = [];
        for (let nextPage: string | null = '', step = 0; nextPage !== null; step += 1) {
          const path = `/subscriptions?limit=${limit}&nextPage=${nextPage}`;
          const { data } = (await account.os1('get', path).expect(200)).body as {
            data: { subscriptions: { id: string }[]; meta: { nextPage: string | null } };
          };
          seen.push(...data.subscriptions.map(({ id }) => id));
          nextPage = data.meta.nextPage;
          if (step < more) await subscribe(account);
        }
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.slice(0, count)).toEqual(atStart);
      }),
      { numRuns: 8 },
    );
  });
});
