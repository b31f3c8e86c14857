import fc from 'fast-check';
import { countdownSeconds, DEFAULT_COUNTDOWN, type CountdownConfig } from './countdown.ts';

const YEAR_SECONDS = 365 * 24 * 3600;
const wholeNumber = fc.nat({ max: 1_000_000 });
const limit = fc.option(wholeNumber);
/** At most one below 1, as Math.random() gives. */
const random = fc.double({ min: 0, max: 1 - Number.EPSILON / 2, noNaN: true });
const n = fc.nat({ max: 10_000 });

const fixed = fc.record({ choice: fc.constant('fixed'), kwargs: fc.record({ seconds: wholeNumber }) });
const linear = fc.record({ choice: fc.constant('linear'), kwargs: fc.record({ base: wholeNumber, limit }) });
const exponential = fc.record({
  choice: fc.constant('exponential'),
  kwargs: fc.record({ base: wholeNumber, factor: fc.integer({ min: 1, max: 1_000_000 }), limit }),
});
const uniform = fc.uniqueArray(fc.nat(), { minLength: 2, maxLength: 2 }).map(([one = 0, other = 0]) => ({
  choice: 'random' as const,
  kwargs: { min_value: Math.min(one, other), max_value: Math.max(one, other) },
}));
const anyConfig = fc.oneof(fixed, linear, exponential, uniform) as fc.Arbitrary<CountdownConfig>;

describe('countdownSeconds', () => {
  it('doubles from 1 to 512 seconds with the default', () => {
    const waits = Array.from({ length: 10 }, (_, retries) => countdownSeconds(DEFAULT_COUNTDOWN, retries, 0));
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512]);
  });

  it.each<[CountdownConfig, number[]]>([
    [{ choice: 'fixed', kwargs: { seconds: 60 } }, [60, 60, 60, 60]],
    [{ choice: 'fixed', kwargs: { seconds: 0 } }, [0, 0, 0, 0]],
    [{ choice: 'linear', kwargs: { base: 30 } }, [0, 30, 60, 90]],
    [{ choice: 'linear', kwargs: { base: 30, limit: null } }, [0, 30, 60, 90]],
    [{ choice: 'linear', kwargs: { base: 30, limit: 45 } }, [0, 30, 45, 45]],
    [{ choice: 'linear', kwargs: { base: 30, limit: 0 } }, [0, 0, 0, 0]],
    [{ choice: 'exponential', kwargs: { base: 2, factor: 5 } }, [5, 10, 20, 40]],
    [{ choice: 'exponential', kwargs: { base: 3, factor: 1, limit: 10 } }, [1, 3, 9, 10]],
    [{ choice: 'exponential', kwargs: { base: 1 } }, [1, 1, 1, 1]],
    [{ choice: 'exponential', kwargs: { base: 0, factor: 7 } }, [7, 0, 0, 0]],
  ])('%j waits %j', (config, waits) => {
    expect([0, 1, 2, 3].map((retries) => countdownSeconds(config, retries, 0))).toEqual(waits);
  });

  it('follows its formula for every n, as far as a year', () => {
    fc.assert(
      fc.property(linear, n, ({ kwargs: { base, limit } }, retries) => {
        const uncapped = limit === null ? base * retries : Math.min(base * retries, limit);
        expect(countdownSeconds({ choice: 'linear', kwargs: { base, limit } }, retries, 0)).toBe(
          Math.min(uncapped, YEAR_SECONDS),
        );
      }),
    );
    fc.assert(
      fc.property(exponential, fc.nat({ max: 30 }), ({ kwargs: { base, factor, limit } }, retries) => {
        const exact = BigInt(base) ** BigInt(retries) * BigInt(factor);
        const cap = BigInt(Math.min(limit ?? YEAR_SECONDS, YEAR_SECONDS));
        expect(countdownSeconds({ choice: 'exponential', kwargs: { base, factor, limit } }, retries, 0)).toBe(
          Number(exact < cap ? exact : cap),
        );
      }),
    );
  });

  it('draws whole numbers from both ends included', () => {
    const dice: CountdownConfig = { choice: 'random', kwargs: { min_value: 1, max_value: 6 } };
    const drawn = Array.from({ length: 600 }, (_, draw) => countdownSeconds(dice, 0, draw / 600));
    expect([...new Set(drawn)]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(drawn.filter((value) => value === 6)).toHaveLength(100);
  });

  it('draws nothing outside of min_value and max_value', () => {
    fc.assert(
      fc.property(uniform, random, (config, draw) => {
        const seconds = countdownSeconds(config, 0, draw);
        expect(seconds).toBeGreaterThanOrEqual(Math.min(config.kwargs.min_value, YEAR_SECONDS));
        expect(seconds).toBeLessThanOrEqual(config.kwargs.max_value);
      }),
    );
  });

  it('is a whole number of seconds from 0 to a year whatever n is, so that the sum stays a timestamp', () => {
    const hugeN = fc.oneof(n, fc.maxSafeNat());
    fc.assert(
      fc.property(anyConfig, hugeN, random, (config, retries, draw) => {
        const seconds = countdownSeconds(config, retries, draw);
        expect(Number.isInteger(seconds)).toBe(true);
        expect(seconds).toBeGreaterThanOrEqual(0);
        expect(seconds).toBeLessThanOrEqual(YEAR_SECONDS);
      }),
    );
  });
});
