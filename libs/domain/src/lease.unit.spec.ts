import fc from 'fast-check';
import { MICROS_PER_SECOND } from './instant.ts';
import { leaseSeconds, leaseSuffices } from './lease.ts';

const timeoutMs = fc.integer({ min: 1, max: 600_000 });
const NOW = 1697105255200005;

describe('a lease', () => {
  it('outlasts the request by what a lane may queue', () => {
    expect(leaseSeconds(10_000)).toBe(30);
    fc.assert(fc.property(timeoutMs, (ms) => expect(leaseSeconds(ms)).toBeGreaterThan(ms / 1000)));
  });

  it('suffices when it is fresh, and for most of the time that a lane may queue', () => {
    fc.assert(
      fc.property(timeoutMs, fc.nat({ max: 15 * MICROS_PER_SECOND }), (ms, queued) => {
        const lease = NOW + Math.round(leaseSeconds(ms) * MICROS_PER_SECOND);
        expect(leaseSuffices(lease, NOW + queued, ms)).toBe(true);
      }),
    );
  });

  it('no longer suffices when a whole request and its record would not fit', () => {
    const leaseFor = (micros: number) => leaseSuffices(NOW + micros, NOW, 10_000);
    expect(leaseFor(15 * MICROS_PER_SECOND)).toBe(true);
    expect(leaseFor(15 * MICROS_PER_SECOND - 1)).toBe(false);
    expect(leaseFor(0)).toBe(false);
    expect(leaseFor(-1)).toBe(false);
  });
});
