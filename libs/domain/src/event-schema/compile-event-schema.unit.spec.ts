import fc from 'fast-check';
import { compileEventSchema } from './compile-event-schema.ts';
import { patternWays } from './pattern-ways.ts';
import { SchemaFault } from './schema-limits.ts';

describe('compileEventSchema', () => {
  it('tells what is wrong with data, and where', () => {
    const check = compileEventSchema({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['id'],
      properties: {
        id: { type: 'integer' },
        state: { enum: ['packed', 'shipped'] },
        items: { type: 'array', items: { $ref: '#/$defs/item' } },
        day: { type: 'string', format: 'date' },
      },
      additionalProperties: false,
      $defs: { item: { type: 'object', properties: { sku: { type: 'string' } } } },
    });
    expect(check({ id: 1, state: 'packed', items: [{ sku: 'a' }], day: '2026-11-21' })).toBeUndefined();
    expect(check({ id: 1, items: [{ sku: 7 }] })).toBe('/items/0/sku: must be string');
    expect(check({})).toBe("must have required property 'id'");
    expect(check({ id: 1, colour: 'red' })).toBe('must NOT have additional properties: "colour"');
    expect(check({ id: 1, state: 'lost' })).toBe(
      '/state: must be equal to one of the allowed values: ["packed","shipped"]',
    );
    expect(check({ id: 1, day: 'today' })).toBe('/day: must match format "date"');
  });

  it('takes the same schema again and again', () => {
    const schema = { type: 'object', properties: { a: { pattern: '^x+$' }, b: { pattern: '^y+$' } } };
    for (let time = 0; time < 3; time += 1) {
      const check = compileEventSchema({ ...schema });
      expect([check({ a: 'x', b: 'y' }), check({ a: 'y' }), check({ b: 'x' })]).toEqual([
        undefined,
        '/a: must match pattern "^x+$"',
        '/b: must match pattern "^y+$"',
      ]);
    }
  });

  it.each([
    ['an unknown keyword', { typ: 'object' }, /unknown keyword: "typ"/],
    ['an unknown type', { type: 'text' }, /must be equal to one of the allowed values/],
    ['an unknown format', { format: 'regex' }, /unknown format "regex"/],
    ['another draft', { $schema: 'http://json-schema.org/draft-07/schema#' }, /another \$schema/],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema.json' }, /none within the schema/],
    ['a reference to nothing', { $ref: '#/$defs/x' }, /none within the schema/],
    ['an identity', { properties: { a: { $id: 'x' } } }, /has \$id at #\/properties\/a/],
    ['a dynamic reference', { items: { $dynamicRef: '#a' } }, /\$dynamicRef/],
    ['recursion', { properties: { a: { $ref: '#' } } }, /refers to itself/],
    [
      'recursion around a corner',
      { $defs: { a: { items: { $ref: '#/$defs/b' } }, b: { not: { $ref: '#/$defs/a' } } } },
      /refers to itself/,
    ],
    ['depth', Array.from({ length: 40 }).reduce<object>((items) => ({ items }), {}), /deeper than/],
    ['length', { description: 'x'.repeat(70_000) }, /characters/],
    ['unique items without number', { uniqueItems: true }, /needs maxItems/],
    ['no regular expression', { pattern: '(' }, /./],
    ['a pattern that backtracks', { pattern: '^(a+)+$' }, /repeats a group/],
  ])('refuses %s', (_, schema, message) => {
    expect(() => compileEventSchema(schema as Record<string, unknown>)).toThrow(SchemaFault);
    expect(() => compileEventSchema(schema as Record<string, unknown>)).toThrow(message);
  });

  // Each level doubles the work: 2^12 checks of one small object.
  it('refuses what is small as text and large with all that it refers to', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 12 }, (_, n) => [
        `d${n}`,
        { anyOf: [{ $ref: `#/$defs/d${n + 1}` }, { $ref: `#/$defs/d${n + 1}` }] },
      ]),
    );
    expect(() => compileEventSchema({ $ref: '#/$defs/d0', $defs: { ...$defs, d12: false } })).toThrow(
      /subschemas/,
    );
  });

  it('takes properties for names, whatever they are called', () => {
    const properties = { $ref: { type: 'string' }, $id: { type: 'string' }, constructor: { type: 'string' } };
    const check = compileEventSchema({ type: 'object', properties, required: ['constructor'] });
    expect(check({ $ref: 'a', $id: 'b', constructor: 'c' })).toBeUndefined();
    expect(check({})).toBe("must have required property 'constructor'");
  });

  it('is never anything but compiled or refused in words', () => {
    const keyword = fc.constantFrom(
      'type',
      'items',
      'anyOf',
      'properties',
      '$ref',
      '$defs',
      'pattern',
      'enum',
      'not',
      'const',
    );
    const schema = fc.letrec((tie) => ({
      schema: fc.dictionary(
        keyword,
        fc.oneof({ maxDepth: 3 }, fc.jsonValue(), tie('schema'), fc.array(tie('schema'), { maxLength: 3 })),
      ),
    })).schema;
    fc.assert(
      fc.property(schema, fc.jsonValue(), (schema, data) => {
        let check;
        try {
          check = compileEventSchema(JSON.parse(JSON.stringify(schema)) as Record<string, unknown>);
        } catch (error) {
          expect(error).toBeInstanceOf(SchemaFault);
          return;
        }
        expect(['string', 'undefined']).toContain(typeof check(data));
      }),
      { numRuns: 100 },
    );
  });
});

describe('pattern', () => {
  it.each([
    ['^[A-Z]{2}-\\d{4}$', 1],
    ['^\\p{L}\\u{1F600}[a\\]{2,9}]$', 1],
    ['^a?b?$', 4],
    ['^(a|b|cd?)$', 4],
    ['^(?:ab){3}$', 1],
    ['^(?<year>\\d{4})(-\\d\\d)?$', 2],
    ['^a*$', 256],
    ['^(abc)*$', 256],
    ['^a{2,5}$', 4],
    ['a', 256],
    ['^a|b', 512],
    ['^a+@b+$', 65_536],
    ['^{a}$', 1],
  ])('%s can be tried in %d ways', (pattern, ways) => {
    expect(patternWays(pattern)).toBe(ways);
  });

  it.each([
    '^a*a*a*$',
    'a*a*',
    `^${'a?'.repeat(30)}$`,
    '^(a|ab)(c|bcd)*$',
    '^(a*)*$',
    '^(?=a)b$',
    '^(a)\\1$',
    '(?<!x)y',
    '^(a{0,9}){9}$',
  ])('%s is refused', (pattern) => {
    expect(() => compileEventSchema({ pattern })).toThrow(SchemaFault);
  });

  it('matches no string of more than 256 characters', () => {
    const check = compileEventSchema({ pattern: '^a*$' });
    expect(check('a'.repeat(256))).toBeUndefined();
    expect(check('a'.repeat(257))).toBe('must match pattern "^a*$"');
  });
});
