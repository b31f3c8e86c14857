import fc from 'fast-check';
import { eventBody, undashed } from './event-body.ts';

const UUID = '0e8b5a0a-7c1f-4c55-9d0f-0a4ac1b8f4aa';

describe('eventBody', () => {
  it('is the document that dj-whisperer sends', () => {
    expect(eventBody('package.created', UUID, '{"pk":8812}')).toBe(
      '{"event":{"type":"package.created","uuid":"0e8b5a0a7c1f4c559d0f0a4ac1b8f4aa"},"payload":{"pk":8812}}',
    );
  });

  it.each([
    ['numbers past 2^53', '{"n":1152921504606846977,"m":123456789012345678901234567890}'],
    ['trailing zeros and exponents', '{"price":1.10,"tiny":1E-7,"zero":-0.0}'],
    ['duplicate keys', '{"a":1,"a":2}'],
    ['the order of keys', '{"b":1,"10":2,"a":3,"9":4}'],
    ['escapes as they were written', String.raw`{"a":"\u015f\/\u0000\ud83d"}`],
    ['characters of every plane', '{"ş":"🚀","\u2028":"é"}'],
    ['white space', '{ "a" :\n\t[ ] }'],
    ['null', 'null'],
  ])('keeps %s', (_, payload) => {
    const body = eventBody('package.created', UUID, payload);
    expect(body.endsWith(`"payload":${payload}}`)).toBe(true);
  });

  it('is valid JSON that carries type, uuid and payload, and the same text each time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.uuid(), fc.json(), (type, uuid, payload) => {
        const body = eventBody(type, uuid, payload);
        expect(JSON.parse(body)).toEqual({
          event: { type, uuid: uuid.replaceAll('-', '') },
          payload: JSON.parse(payload) as unknown,
        });
        expect(eventBody(type, uuid, payload)).toBe(body);
      }),
    );
  });

  it('takes a uuid that has no dashes', () => {
    expect(undashed(undashed(UUID))).toBe(undashed(UUID));
    expect(undashed(UUID)).toMatch(/^[0-9a-f]{32}$/);
  });
});
