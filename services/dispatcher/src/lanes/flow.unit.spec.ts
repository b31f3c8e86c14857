import fc from 'fast-check';
import { Flow } from './flow.ts';

describe('Flow', () => {
  let now = 0;
  const leave = (flow: Flow, perSecond: number, seconds: number) => {
    for (let n = 0; n < perSecond * seconds; n += 1) {
      now += 1000 / perSecond;
      flow.left();
    }
  };

  it('is the rate of a steady stream, whatever that is', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 3000 }), (perSecond) => {
        const flow = new Flow(() => now);
        leave(flow, perSecond, 4);
        expect(Math.abs(flow.perSecond - perSecond)).toBeLessThanOrEqual(perSecond * 0.02 + 2);
      }),
      { numRuns: 50 },
    );
  });

  it('is nothing two seconds after the last one', () => {
    const flow = new Flow(() => now);
    leave(flow, 100, 3);
    now += 1000;
    expect(flow.perSecond).toBeGreaterThanOrEqual(0);
    now += 1000;
    expect(flow.perSecond).toBe(0);
  });
});
