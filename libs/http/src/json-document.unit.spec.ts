import fc from 'fast-check';
import { ApiError } from './api-error.ts';
import { parseJson } from './json-document.ts';
import type { RawShape } from './skim-json.ts';

const parse = (text: string, shape?: RawShape) => parseJson(Buffer.from(text), shape);
const detailOf = (text: string, shape?: RawShape): unknown => {
  try {
    parse(text, shape);
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return (error.body as { detail: string }).detail;
    throw error;
  }
  return undefined;
};
const payload: RawShape = { instance: { data: 'raw' } };

describe('parseJson', () => {
  it('reads whatever JSON.stringify writes', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ noUnicodeString: false }),
        fc.constantFrom(undefined, 1),
        (value, indent) => {
          const text = JSON.stringify(value, null, indent);
          fc.pre(!text.includes('__proto__') && !/\d{16}/.test(text));
          expect(parse(text).value).toEqual(JSON.parse(text));
        },
      ),
    );
  });

  it('keeps the exact source text of raw members', () => {
    const data = '{ "z": 1.10, "a": 12345678901234567890, "a": 1e999, "\\u0000": "\\ud800" }';
    const document = parse(
      `{"hook": 1, "instance": {"pk": 5, "data" : ${data} , "model": "package"}}`,
      payload,
    );
    expect(document.raw(['instance', 'data'])).toBe(data);
    expect(document.raw(['instance', 'pk'])).toBeUndefined();
  });

  it('finds raw members in every item of a list', () => {
    const document = parse('{"events": [ {}, {"data": [1.0]} , {"data":"]}" } ]}', {
      events: [{ data: 'raw' }],
    });
    expect([0, 1, 2].map((i) => document.raw(['events', i, 'data']))).toEqual([undefined, '[1.0]', '"]}"']);
  });

  it('keeps any value whole as a raw member', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), (value, before) => {
        fc.pre(before !== '__proto__' && before !== 'data');
        const text = JSON.stringify(value, null, 1);
        const document = parse(`{${JSON.stringify(before)}:[${JSON.stringify(before)}],"data":${text}}`, {
          data: 'raw',
        });
        expect(document.raw(['data'])).toBe(text);
      }),
    );
  });

  it('refuses duplicate keys, however they are written', () => {
    expect(detailOf('{"a": 1, "\\u0061": 2}')).toBe(
      'JSON parse error - Duplicate key "a": line 1 column 10 (char 9)',
    );
    expect(detailOf('{"instance": {"data": 1, "data": 2}}', payload)).toContain('Duplicate key "data"');
    expect(detailOf('{"instance": {}, "instance": {"data": 2}}', payload)).toContain(
      'Duplicate key "instance"',
    );
    expect(detailOf('[{"a": 1}, {"a": 1}]')).toBeUndefined();
  });

  it.each(['9007199254740992', '-9007199254740993', '1e309', '-1E999', '100000000000000000000'])(
    'refuses %s, which a double would change',
    (number) => {
      expect(detailOf(`[${number}]`)).toBe(
        'JSON parse error - Number out of range: line 1 column 2 (char 1)',
      );
    },
  );

  it.each(['9007199254740991', '1.10', '-0', '1e308', '0.30000000000000004', 'false'])('takes %s', (text) => {
    expect(parse(`{"a":${text}}`).value).toEqual({ a: JSON.parse(text) as unknown });
  });

  it('takes 100 levels and refuses 101, inside raw members, too', () => {
    expect(detailOf('['.repeat(100) + ']'.repeat(100))).toBeUndefined();
    expect(detailOf('['.repeat(101) + ']'.repeat(101))).toContain('Nesting deeper than 100 levels');
    expect(detailOf(`{"data":${'{"a":'.repeat(100)}1${'}'.repeat(100)}}`, { data: 'raw' })).toContain(
      'Nesting',
    );
    expect(detailOf('['.repeat(200_000))).toContain('Nesting');
  });

  it('refuses __proto__ as a name, and leaves constructor a name like any other', () => {
    expect(detailOf('{"a": {"\\u005f_proto__": {"admin": true}}}')).toContain('Refused key "__proto__"');
    expect(parse('{"constructor": {"prototype": 1}}').value).toEqual({ constructor: { prototype: 1 } });
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(() => parseJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(ApiError);
  });

  // Python 3.11's own words and positions.
  it.each([
    [' ', 'Expecting value: line 1 column 2 (char 1)'],
    ['x', 'Expecting value: line 1 column 1 (char 0)'],
    ['{"a": 1,}', 'Expecting property name enclosed in double quotes: line 1 column 9 (char 8)'],
    ["{'a': 1}", 'Expecting property name enclosed in double quotes: line 1 column 2 (char 1)'],
    ['{"a" 1}', "Expecting ':' delimiter: line 1 column 6 (char 5)"],
    ['{"a": 1 "b"}', "Expecting ',' delimiter: line 1 column 9 (char 8)"],
    ['[1 2]', "Expecting ',' delimiter: line 1 column 4 (char 3)"],
    ['["é😀", "a', 'Unterminated string starting at: line 1 column 8 (char 7)'],
    ['"a\nb"', 'Invalid control character at: line 1 column 3 (char 2)'],
    ['"\\x"', 'Invalid \\escape: line 1 column 2 (char 1)'],
    ['"\\u12"', 'Invalid \\uXXXX escape: line 1 column 3 (char 2)'],
    ['{}\n{}', 'Extra data: line 2 column 1 (char 3)'],
    ['\ufeff{}', 'Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)'],
    ['[NaN]', "Out of range float values are not JSON compliant: 'NaN'"],
  ])('says what is wrong with %j', (text, message) => {
    expect(detailOf(text)).toBe(`JSON parse error - ${message}`);
  });

  it('answers any text with a value or a 400 that says where', () => {
    const fragment = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '\\',
      'u00',
      '1',
      '-',
      '.',
      'e9',
      'true',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = fragments.join('');
        expect(detailOf(text) ?? JSON.parse(text)).not.toBe('JSON parse error - Not JSON.');
      }),
      { numRuns: 2000 },
    );
  });
});
