import fc from 'fast-check';
import { recordBytes, requestBatches } from './request-batches.ts';

describe('Cutting records into requests', () => {
  const size = fc.oneof(fc.nat(200), fc.integer({ min: 100_000, max: 1_500_000 }));

  it('keeps every record, in order, and no request too large unless for a single record', () => {
    fc.assert(
      fc.property(fc.array(size, { maxLength: 30 }), (sizes) => {
        const records = sizes.map((length, n) => ({
          value: Buffer.alloc(length),
          headers: { n: String(n) },
        }));
        const batches = requestBatches(records);
        expect(batches.flat()).toEqual(records);
        for (const batch of batches) {
          const bytes = batch.reduce((sum, record) => sum + recordBytes(record), 0);
          expect(batch.length === 1 || bytes <= 900_000).toBe(true);
        }
      }),
    );
  });

  it('counts records too', () => {
    const records = Array.from({ length: 2_500 }, () => ({ value: '' }));
    expect(requestBatches(records).map((batch) => batch.length)).toEqual([1_000, 1_000, 500]);
  });

  it('makes no request of nothing', () => {
    expect(requestBatches([])).toEqual([]);
  });
});
