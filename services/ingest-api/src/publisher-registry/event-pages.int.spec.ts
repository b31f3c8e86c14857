import fc from 'fast-check';
import { eventDetails as event, publishersOf } from '../testing/registry-fixtures.ts';
import { runRegistry, type RunningRegistry } from '../testing/run-registry.ts';

let registry: RunningRegistry;
let walks = 0;
const { newcomer, publisher } = publishersOf(() => registry);
beforeAll(async () => {
  registry = await runRegistry();
});
afterEach(() => {
  expect(registry.api.lines.filter(({ level }) => level === 'error')).toEqual([]);
});
afterAll(() => registry.close());

describe('pages of published events', () => {
  it('show each event that was there from the start exactly once, whatever is registered meanwhile', async () => {
    const reader = await newcomer();
    await fc.assert(
      fc.asyncProperty(
        fc.nat(12),
        fc.array(fc.record({ limit: fc.integer({ min: 1, max: 5 }), registered: fc.nat(3) }), {
          maxLength: 6,
        }),
        async (count, steps) => {
          const tenant = `walk-${++walks}`;
          const account = await publisher(tenant);
          let made = 0;
          const register = async (howMany: number) => {
            const events = Array.from({ length: howMany }, () => event(`E${++made}`));
            if (howMany > 0)
              await account.os1('post', '/topics/entity/events', tenant).send({ events }).expect(201);
            return events.map(({ name }) => name);
          };
          const atStart = await register(count);
          const seen: string[] = [];
          for (let nextPage: string | null = '', step = 0; nextPage !== null; step += 1) {
            const { limit, registered } = steps[step] ?? { limit: 7, registered: 0 };
            const path = `/topics/entity/events?limit=${limit}&nextPage=${nextPage}`;
            const { data } = (await reader.os1('get', path, tenant).expect(200)).body as {
              data: { events: { name: string }[]; meta: { nextPage: string | null; hasNextPage: boolean } };
            };
            expect(data.events.length).toBeLessThanOrEqual(limit);
            expect(data.meta.hasNextPage).toBe(data.meta.nextPage !== null);
            seen.push(...data.events.map(({ name }) => name));
            nextPage = data.meta.nextPage;
            await register(registered);
          }
          expect(new Set(seen).size).toBe(seen.length);
          expect(seen.slice(0, count)).toEqual(atStart);
        },
      ),
      { numRuns: 12 },
    );
  });

  it.each(['limit=0', 'limit=-1', 'limit=x', 'nextPage=x', 'nextPage=WyJ4Il0', 'nextPage=WzFlNDAwXQ'])(
    'are refused when they are asked for by %s',
    async (query) => {
      const { status, body } = await (await newcomer()).os1('get', `/topics/entity/events?${query}`);
      expect([status, body.error.code]).toEqual([400, '101002024001']);
    },
  );

  it('have 20 events unless told, and 100 at most', async () => {
    const account = await publisher('many');
    for (const part of ['A', 'B']) {
      const events = Array.from({ length: 60 }, (_, at) => event(`${part}${at}`));
      await account.os1('post', '/topics/entity/events', 'many').send({ events }).expect(201);
    }
    const size = async (query: string) =>
      (await account.os1('get', `/topics/entity/events${query}`, 'many')).body.data.events.length as number;
    expect([await size(''), await size('?limit=1000')]).toEqual([20, 100]);
  });
});
