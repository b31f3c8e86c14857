import fc from 'fast-check';
import { makePlan } from './plan.ts';

const options = fc.record({
  seed: fc.nat(),
  faults: fc.integer({ min: 0, max: 60 }),
  lengthMs: fc.integer({ min: 2_000, max: 600_000 }),
  longFreezes: fc.boolean(),
});

describe('The plan of a chaos run', () => {
  it('is decided by its seed', () => {
    fc.assert(fc.property(options, (given) => expect(makePlan(given)).toEqual(makePlan(given))));
  });

  it('has as many faults as asked for, in the order of their instants, while events are published', () => {
    fc.assert(
      fc.property(options, (given) => {
        const plan = makePlan(given);
        expect(plan).toHaveLength(given.faults);
        expect(plan.map(({ atMs }) => atMs)).toEqual(
          plan.map(({ atMs }) => atMs).sort((one, other) => one - other),
        );
        for (const { atMs } of plan) expect(atMs).toBeLessThanOrEqual(given.lengthMs);
      }),
    );
  });

  it('outlasts the session at Kafka only where that is asked for', () => {
    const longest = (longFreezes: boolean) =>
      Math.max(
        ...makePlan({ seed: 1, faults: 500, lengthMs: 10_000, longFreezes }).map(({ forMs }) => forMs),
      );
    expect(longest(false)).toBeLessThanOrEqual(8_000);
    expect(longest(true)).toBeGreaterThan(11_000);
  });
});
