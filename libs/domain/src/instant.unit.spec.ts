import fc from 'fast-check';
import { addSeconds, formatInstant, MICROS_PER_SECOND, parseInstant } from './instant.ts';

/** 1900 to 2200: within what a double carries to the microsecond. */
const instant = fc.integer({
  min: -2_208_988_800 * MICROS_PER_SECOND,
  max: 7_258_118_400 * MICROS_PER_SECOND,
});

describe('an instant', () => {
  it('is written in UTC with six digits and a Z', () => {
    expect(formatInstant(1697105255200005)).toBe('2023-10-12T10:07:35.200005Z');
    expect(formatInstant(0)).toBe('1970-01-01T00:00:00.000000Z');
    expect(formatInstant(-1)).toBe('1969-12-31T23:59:59.999999Z');
  });

  it('comes back to the microsecond', () => {
    fc.assert(
      fc.property(instant, (micros) => {
        const text = formatInstant(micros);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(parseInstant(text)).toBe(micros);
      }),
    );
  });

  it('is read from the text form of PostgreSQL, which leaves out trailing zeros', () => {
    fc.assert(
      fc.property(instant, (micros) => {
        const iso = formatInstant(micros);
        const postgres = `${iso
          .slice(0, -1)
          .replace('T', ' ')
          .replace(/\.?0+$/, (cut) => (cut.startsWith('.') ? '' : cut.replaceAll('0', '')))}+00`;
        expect(parseInstant(postgres)).toBe(micros);
      }),
    );
  });

  it.each([
    ['2023-10-12 10:07:35+00', 0],
    ['2023-10-12 10:07:35.2+00', 200000],
    ['2023-10-12 10:07:35.20+00', 200000],
    ['2023-10-12 10:07:35.002+00', 2000],
    ['2023-10-12 10:07:35.0002+00', 200],
    ['2023-10-12 10:07:35.00002+00', 20],
    ['2023-10-12 10:07:35.000002+00', 2],
    ['2023-10-12T10:07:35Z', 0],
    ['2023-10-12T10:07:35.2Z', 200000],
    ['2023-10-12T10:07:35.2+00:00', 200000],
    ['2023-10-12T10:07:35+00:00', 0],
  ])('%s is read', (text, micros) => {
    expect(parseInstant(text)).toBe(1697105255 * MICROS_PER_SECOND + micros);
  });

  it.each([
    'infinity',
    '',
    '2023-10-12',
    '2023-13-12 10:07:35+00',
    // Once read as if it were UTC when it had a fraction.
    '2023-10-12 13:07:35.2+03',
    '2023-10-12 13:07:35+03',
    '2023-10-12T13:07:35.2-03:00',
  ])('%j is refused', (text) => {
    expect(() => parseInstant(text)).toThrow(RangeError);
  });

  it('moves by seconds and stays whole', () => {
    fc.assert(
      fc.property(instant, fc.double({ min: 0, max: 1e6, noNaN: true }), (micros, seconds) => {
        const later = addSeconds(micros, seconds);
        expect(Number.isSafeInteger(later)).toBe(true);
        expect(Math.abs(later - micros - seconds * MICROS_PER_SECOND)).toBeLessThanOrEqual(1);
      }),
    );
    expect(addSeconds(1697105255200005, 60)).toBe(1697105315200005);
  });
});
