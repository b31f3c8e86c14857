import { toEventTypes } from './event-types.ts';

describe('EVENT_TYPES', () => {
  it('names event types by a description, or by that and a schema', () => {
    const schema = { type: 'object', required: ['id'] };
    expect(
      toEventTypes({
        'order.returned': 'An order came back.',
        'package.created': { description: 'A new package.', schema, example: { id: 1 } },
        ping: { description: 'A sign of life.' },
      }),
    ).toEqual({
      'order.returned': { description: 'An order came back.', schema: null, example: null },
      'package.created': { description: 'A new package.', schema, example: { id: 1 } },
      ping: { description: 'A sign of life.', schema: null, example: null },
    });
  });

  it.each([
    [[], 'must be an object: event type → description'],
    [{ 'a b': '' }, 'has the event type "a b", which is not up to 124 letters, digits, dots, _ and -'],
    [{ a: 1 }, 'has neither a description nor {description, schema, example} for "a"'],
    [{ a: {} }, 'has no description of "a"'],
    [{ a: { description: '', schema: true } }, 'has a schema of "a" that is not an object'],
    [
      { a: { description: '', schema: { $ref: 'https://example.com/' } } },
      'has a schema of "a" that cannot be used: it has a $ref at # that is none within the schema, like "#/$defs/item"',
    ],
    [
      { a: { description: '', schema: { required: ['id'] }, example: {} } },
      `has an example of "a" that breaks its schema: must have required property 'id'`,
    ],
  ])('%j is refused in words', (value, fault) => {
    expect(() => toEventTypes(value)).toThrow(fault);
  });
});
