import fc from 'fast-check';
import { Batcher } from './batcher.ts';

/** Batches that end when the spec says so. */
function heldBatches() {
  const batches: { items: number[]; finish: () => void; fail: (error: Error) => void }[] = [];
  const run = (items: number[]) =>
    new Promise<string[]>((resolve, reject) => {
      batches.push({ items, finish: () => resolve(items.map((item) => `r${item}`)), fail: reject });
    });
  return { batches, run };
}
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('Batcher', () => {
  it('takes what arrives in one turn as one batch and gives each its own result', async () => {
    const { batches, run } = heldBatches();
    const batcher = new Batcher(run, { maxItems: 100, concurrency: 1 });
    const results = Promise.all([1, 2, 3].map((item) => batcher.add(item)));
    expect(batcher.waiting).toBe(3);
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1, 2, 3]]);
    expect(batcher.waiting).toBe(0);
    batches[0]?.finish();
    expect(await results).toEqual(['r1', 'r2', 'r3']);
  });

  it('grows the next batch while one is under way, up to the most items', async () => {
    const { batches, run } = heldBatches();
    const batcher = new Batcher(run, { maxItems: 3, concurrency: 1 });
    const results = [batcher.add(0)];
    await turn();
    for (let item = 1; item <= 5; item += 1) {
      results.push(batcher.add(item));
      await turn();
    }
    expect(batches).toHaveLength(1);
    for (let next = 0; next < 3; next += 1) {
      batches[next]?.finish();
      await turn();
    }
    expect(batches.map(({ items }) => items)).toEqual([[0], [1, 2, 3], [4, 5]]);
    expect(await Promise.all(results)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4', 'r5']);
  });

  it('ends a batch before it weighs too much, and lets what is too heavy go alone', async () => {
    const { batches, run } = heldBatches();
    const batcher = new Batcher(run, { maxItems: 4, concurrency: 9, weightOf: (item) => item / 10 });
    const items = [2, 8, 1, 30, 9, 1, 0, 0, 0];
    const results = items.map((item) => batcher.add(item));
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([[2, 8], [1], [30], [9, 1, 0, 0], [0]]);
    for (const batch of batches) batch.finish();
    expect(await Promise.all(results)).toEqual(items.map((item) => `r${item}`));
  });

  it('runs as many batches at once as it may, and no more', async () => {
    const { batches, run } = heldBatches();
    const batcher = new Batcher(run, { maxItems: 1, concurrency: 2 });
    const results = [1, 2, 3].map((item) => batcher.add(item));
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1], [2]]);
    batches[1]?.finish();
    expect(await results[1]).toBe('r2');
    await turn();
    expect(batches.map(({ items }) => items)).toEqual([[1], [2], [3]]);
    batches[0]?.finish();
    batches[2]?.finish();
    expect(await Promise.all(results)).toEqual(['r1', 'r2', 'r3']);
  });

  it('rejects every item of a batch that failed, and goes on with the next', async () => {
    const { batches, run } = heldBatches();
    const batcher = new Batcher(run, { maxItems: 2, concurrency: 1 });
    const results = Promise.allSettled([1, 2, 3].map((item) => batcher.add(item)));
    await turn();
    const error = new Error('PostgreSQL is away');
    batches[0]?.fail(error);
    await turn();
    batches[1]?.finish();
    expect(await results).toEqual([
      { status: 'rejected', reason: error },
      { status: 'rejected', reason: error },
      { status: 'fulfilled', value: 'r3' },
    ]);
  });

  it('is drained when nothing waits and nothing runs, a failed batch included', async () => {
    const { batches, run } = heldBatches();
    const batcher = new Batcher(run, { maxItems: 1, concurrency: 1 });
    await batcher.drained();
    const results = Promise.allSettled([batcher.add(1), batcher.add(2)]);
    let drained = false;
    const draining = batcher.drained().then(() => (drained = true));
    await turn();
    batches[0]?.fail(new Error('no'));
    await turn();
    expect(drained).toBe(false);
    batches[1]?.finish();
    await draining;
    expect((await results).map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('loses and mixes up nothing, however items arrive', async () => {
    const arrivals = fc.array(fc.nat({ max: 3 }), { maxLength: 60 });
    const limits = fc.record({
      maxItems: fc.integer({ min: 1, max: 5 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(arrivals, limits, async (pauses, { maxItems, concurrency }) => {
        let running = 0;
        const run = async (items: number[]) => {
          running += 1;
          expect(running).toBeLessThanOrEqual(concurrency);
          expect(items.length).toBeLessThanOrEqual(maxItems);
          for (let turns = items[0] ?? 0; turns % 4 > 0; turns += 1) await turn();
          running -= 1;
          return items.map((item) => item * 10);
        };
        const batcher = new Batcher(run, { maxItems, concurrency });
        const results: Promise<number>[] = [];
        for (const [item, turns] of pauses.entries()) {
          results.push(batcher.add(item));
          for (let passed = 0; passed < turns; passed += 1) await turn();
        }
        expect(await Promise.all(results)).toEqual(pauses.map((_, item) => item * 10));
        await batcher.drained();
        expect(batcher.waiting + running).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
});
