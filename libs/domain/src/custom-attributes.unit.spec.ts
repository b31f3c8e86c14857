import fc from 'fast-check';
import { withoutCustomAttributes } from './custom-attributes.ts';

describe('withoutCustomAttributes', () => {
  it.each([
    ['{"id":1.10,"a":2}', '{"id":1.10,"a":2}'],
    ['{"customAttributes":{"x":[1]}}', '{}'],
    ['{"customAttributes":1,"b":2.0}', '{"b":2.0}'],
    ['{"b":12345678901234567890,"customAttributes":1}', '{"b":12345678901234567890}'],
    ['{"a":1,"customAttributes":1,"b":2}', '{"a":1,"b":2}'],
    ['{"a":1,"customAttributes":1,"customAttributes":2}', '{"a":1}'],
    ['{"customAttributes":1,"customAttributes":2}', '{}'],
    ['{"\\u0063ustomAttributes":1,"z":"\\u00e9"}', '{"z":"\\u00e9"}'],
    ['{ "a" : 1 , "customAttributes" : { } , "b" : [ ] }', '{ "a" : 1 ,  "b" : [ ] }'],
    ['[{"data":{"customAttributes":[{"customAttributes":2}],"k":[1]}}]', '[{"data":{"k":[1]}}]'],
    [
      '{"name":"customAttributes","list":["customAttributes","b"]}',
      '{"name":"customAttributes","list":["customAttributes","b"]}',
    ],
    ['{"note":"\\"customAttributes\\":1,{","x":1}', '{"note":"\\"customAttributes\\":1,{","x":1}'],
    ['"customAttributes"', '"customAttributes"'],
  ])('%s comes to %s', (text, without) => {
    expect(withoutCustomAttributes(text)).toBe(without);
  });

  it('takes out what leaving the members out would, whatever the JSON', () => {
    const names = fc.constantFrom('customAttributes', 'a', '__proto__', '"', '\\', 'event');
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(names, tie('value'), { maxKeys: 4 }),
      ),
    }));
    const leaveOut = (name: string, member: unknown) => (name === 'customAttributes' ? undefined : member);
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 1, '\t'), (json, indent) => {
        const text = JSON.stringify(json, null, indent);
        const without = withoutCustomAttributes(text);
        expect(JSON.parse(without)).toEqual(JSON.parse(JSON.stringify(json, leaveOut)));
        expect(withoutCustomAttributes(without)).toBe(without);
      }),
    );
  });

  it('takes time in proportion to the text, however deep', () => {
    const deep = `${'{"a":['.repeat(50_000)}{"customAttributes":1}${']}'.repeat(50_000)}`;
    expect(withoutCustomAttributes(deep)).toBe(`${'{"a":['.repeat(50_000)}{}${']}'.repeat(50_000)}`);
  });
});
