import fc from 'fast-check';
import { subscribable, type Subscribable } from '../testing/registry-fixtures.ts';
import { runRegistry, type RunningRegistry } from '../testing/run-registry.ts';

let registry: RunningRegistry;
let subscriber: Subscribable['subscriber'];
let subscribe: Subscribable['subscribe'];
beforeAll(async () => {
  registry = await runRegistry({ SECRETS_KEY: 'a key of this house' });
  ({ subscriber, subscribe } = await subscribable(registry));
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

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
