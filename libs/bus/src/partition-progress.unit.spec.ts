import fc from 'fast-check';
import { PartitionProgress } from './partition-progress.ts';

describe('What may be committed of a partition', () => {
  it('is everything before the first record that is not done, in whatever order they are done', () => {
    const gaps = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.infiniteStream(fc.nat()), (steps, choices) => {
        let offset = 1_000n;
        const offsets = steps.map((step) => (offset += BigInt(step)));
        const progress = new PartitionProgress(offsets[0]!);
        const open = offsets.map((at) => ({ at, done: progress.take(at)! }));
        while (open.length > 0) {
          const [record] = open.splice(choices.next().value % open.length, 1);
          record!.done();
          record!.done(); // twice counts once
          const firstOpen = open.reduce<bigint | undefined>(
            (low, { at }) => (low === undefined || at < low ? at : low),
            undefined,
          );
          expect(progress.position).toBe(firstOpen ?? offsets.at(-1)! + 1n);
          expect(progress.inHand).toBe(open.length);
        }
      }),
    );
  });

  it('does not hand out a record again that is read again', () => {
    const progress = new PartitionProgress(5n);
    expect(progress.take(5n)).toBeDefined();
    expect(progress.take(6n)).toBeDefined();
    expect(progress.take(5n)).toBeUndefined();
    expect(progress.take(6n)).toBeUndefined();
    expect(progress.take(7n)).toBeDefined();
  });

  it('is bounded by what is in hand, and by what waits for one straggler', () => {
    const progress = new PartitionProgress(0n);
    const done = Array.from({ length: 5_000 }, (_, n) => progress.take(BigInt(n))!);
    expect(progress.full).toBe(true);
    done.slice(0, 2_000).forEach((settle) => settle());
    expect([progress.full, progress.roomy]).toEqual([false, false]);
    done.slice(2_000).forEach((settle) => settle());
    expect(progress.roomy).toBe(true);
    progress.take(5_000n);
    for (let n = 5_001n; n < 105_000n; n++) progress.take(n)!();
    expect(progress.inHand).toBe(1);
    expect(progress.full).toBe(true);
    expect(progress.position).toBe(5_000n);
  });

  it('has a bound of its own where one is given, and one in bytes', () => {
    const few = new PartitionProgress(0n, 4);
    const [first, second, third] = [0n, 1n, 2n].map((offset) => few.take(offset)!);
    expect([few.full, few.roomy]).toEqual([false, false]);
    few.take(3n);
    expect(few.full).toBe(true);
    for (const done of [first, second, third]) done!();
    expect([few.full, few.roomy]).toEqual([false, true]);

    const large = new PartitionProgress(0n);
    const done = large.take(0n, 4 * 1024 * 1024)!;
    expect([large.full, large.roomy]).toEqual([true, false]);
    done();
    expect([large.full, large.roomy]).toEqual([false, true]);
  });
});
