import fc from 'fast-check';
import { RateLimiter } from './rate-limiter.ts';

function limiter(options: { perSecond: number; burst: number; mostKeys?: number }) {
  const clock = { ms: 0 };
  return { clock, limits: new RateLimiter({ ...options, now: () => clock.ms }) };
}

describe('a rate limiter', () => {
  it('lets a burst through, then one request as each becomes due', () => {
    const { clock, limits } = limiter({ perSecond: 2, burst: 4 });
    expect([1, 2, 3, 4, 5].map(() => limits.take('a'))).toEqual([0, 0, 0, 0, 1]);
    clock.ms += 500;
    expect([limits.take('a'), limits.take('a')]).toEqual([0, 1]);
  });

  it('tells whole seconds, never none', () => {
    const { limits } = limiter({ perSecond: 0.3, burst: 1 });
    limits.take('a');
    expect(limits.wait('a')).toBe(4);
    const { limits: fast } = limiter({ perSecond: 1000, burst: 1 });
    fast.take('a');
    expect(fast.wait('a')).toBe(1);
  });

  it('keeps keys apart, and counts nothing when only asked', () => {
    const { limits } = limiter({ perSecond: 1, burst: 1 });
    expect([limits.wait('a'), limits.wait('a'), limits.take('a')]).toEqual([0, 0, 0]);
    expect([limits.wait('a'), limits.wait('b')]).toEqual([1, 0]);
  });

  it('forgets the key unseen for longest when there are too many', () => {
    const { limits } = limiter({ perSecond: 1, burst: 1, mostKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) limits.take(key);
    expect(['a', 'b', 'c'].map((key) => limits.wait(key))).toEqual([1, 0, 1]);
  });

  it('never lets more through than the burst and what time has added', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 300 }),
        (perSecond, gaps) => {
          const { clock, limits } = limiter({ perSecond, burst: perSecond * 2 });
          let passed = 0;
          for (const gap of gaps) {
            clock.ms += gap;
            if (limits.take('a') === 0) passed += 1;
            expect(passed).toBeLessThanOrEqual(perSecond * 2 + (clock.ms / 1000) * perSecond + 1e-6);
          }
        },
      ),
    );
  });

  it('lets through whoever waits as long as told', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1000, noNaN: true }), (perSecond) => {
        const { clock, limits } = limiter({ perSecond, burst: 1 });
        limits.take('a');
        clock.ms += limits.wait('a') * 1000;
        // A bucket of doubles may be short of one by its last bit.
        clock.ms += 1e-3;
        expect(limits.take('a')).toBe(0);
      }),
    );
  });
});
