import fc from 'fast-check';
import { breakingPoints, systemsFor } from './breaking-points.ts';
import { DEFAULT_CONCURRENCY, USUAL_LOAD, type Load } from './load.ts';
import { CEILINGS, COMMITS_AT_ONCE, COMMIT_MS, OVERHEAD_MS } from './measured.ts';
import { allowedRate, eventsACommit, inFlight, needOf, type Need } from './model.ts';

const loads: fc.Arbitrary<Load> = fc.record({
  rate: fc.double({ min: 0.1, max: 20_000, noNaN: true }),
  peakFactor: fc.double({ min: 1, max: 10, noNaN: true }),
  targetMs: fc.double({ min: 1, max: 10_000, noNaN: true }),
  attempts: fc.double({ min: 1, max: 19, noNaN: true }),
  busiestShare: fc.double({ min: 0.001, max: 1, noNaN: true }),
  payloadBytes: fc.integer({ min: 200, max: 200_000 }),
  retentionDays: fc.integer({ min: 1, max: 400 }),
});

const quantities = ({ cores, ...need }: Need) => Object.entries({ ...need, ...cores });

describe("Little's law", () => {
  it('gives what is in flight', () => {
    expect(inFlight(100, 1000 - OVERHEAD_MS)).toBeCloseTo(100);
    expect(inFlight(1_000, 200 - OVERHEAD_MS)).toBeCloseTo(200);
  });

  it('holds in both directions: what may be in flight is what the allowed rate brings in flight', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 1, max: 10_000, noNaN: true }),
        (dispatchers, webhooks, targetMs) => {
          const places = Math.min(
            DEFAULT_CONCURRENCY.DELIVERY_CONCURRENCY,
            webhooks * DEFAULT_CONCURRENCY.WEBHOOK_CONCURRENCY,
          );
          const rate = allowedRate(dispatchers, webhooks, targetMs);
          expect(inFlight(rate, targetMs)).toBeCloseTo(dispatchers * places);
        },
      ),
    );
  });

  it('is not beaten by what a load is given: its dispatchers may have in flight what it brings', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const need = needOf(load);
        const { DELIVERY_CONCURRENCY, WEBHOOK_CONCURRENCY } = DEFAULT_CONCURRENCY;
        expect(need.dispatchers * DELIVERY_CONCURRENCY).toBeGreaterThanOrEqual(need.inFlight * 0.999_999);
        const ofBusiest = need.inFlight * load.busiestShare;
        expect(need.dispatchers * WEBHOOK_CONCURRENCY).toBeGreaterThanOrEqual(ofBusiest * 0.999_999);
      }),
    );
  });
});

describe('What a load takes', () => {
  it.each([
    'rate',
    'peakFactor',
    'targetMs',
    'attempts',
    'busiestShare',
    'payloadBytes',
    'retentionDays',
  ] as const)('is never less with a larger %s', (name) => {
    fc.assert(
      fc.property(loads, fc.double({ min: 1, max: 10, noNaN: true }), (load, factor) => {
        const larger = new Map(quantities(needOf({ ...load, [name]: load[name] * factor })));
        for (const [quantity, value] of quantities(needOf(load)))
          expect(larger.get(quantity)).toBeGreaterThanOrEqual(value * 0.999_999);
      }),
    );
  });

  it('has more partitions than dispatchers', () => {
    fc.assert(
      fc.property(loads, (load) => {
        const { partitions, dispatchers } = needOf(load);
        expect(partitions).toBeGreaterThanOrEqual(2 * dispatchers);
        expect(partitions % 12).toBe(0);
      }),
    );
  });

  it('is two of each service for little', () => {
    expect(needOf({ ...USUAL_LOAD, rate: 1 })).toMatchObject({
      ingestApis: 2,
      dispatchers: 2,
      partitions: 12,
    });
  });
});

describe('Group commit', () => {
  it('is of one event until more come than commits end', () => {
    const commitsASecond = (COMMITS_AT_ONCE * 1000) / COMMIT_MS;
    expect(eventsACommit(commitsASecond / 10)).toBe(1);
    expect(eventsACommit(commitsASecond * 10)).toBeCloseTo(10);
  });
});

describe('Breaking points', () => {
  it('come in order, and a load at each takes just what there is', () => {
    const points = breakingPoints(USUAL_LOAD);
    expect(points.map(({ rate }) => rate)).toEqual(points.map(({ rate }) => rate).sort((a, b) => a - b));
    const disk = points.find(({ what }) => what.startsWith('disk'))!;
    expect(needOf({ ...USUAL_LOAD, rate: disk.rate }).storedBytes).toBeCloseTo(CEILINGS.storedBytes, -3);
  });

  it('are where another system is needed', () => {
    const disk = breakingPoints(USUAL_LOAD).find(({ what }) => what.startsWith('disk'))!;
    expect(systemsFor({ ...USUAL_LOAD, rate: disk.rate * 0.99 })).toBe(1);
    expect(systemsFor({ ...USUAL_LOAD, rate: disk.rate * 1.01 })).toBe(2);
  });
});
