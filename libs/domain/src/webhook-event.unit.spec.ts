import fc from 'fast-check';
import { objectIdJson } from './webhook-event.ts';

describe('objectIdJson', () => {
  it.each([
    ['8812', '8812'],
    ['0', '0'],
    ['-7', '-7'],
    ['9007199254740991', '9007199254740991'],
    ['9007199254740993', '"9007199254740993"'],
    ['-0', '"-0"'],
    ['007', '"007"'],
    ['+7', '"+7"'],
    ['1.0', '"1.0"'],
    ['1e3', '"1e3"'],
    ['0x10', '"0x10"'],
    ['８８１２', '"８８１２"'],
    ['12\n', '"12\\n"'],
    ['', '""'],
    ['a"b', '"a\\"b"'],
  ])('writes %j as %s', (objectId, json) => {
    expect(objectIdJson(objectId)).toBe(json);
  });

  it('loses nothing: what is read back is the id', () => {
    const ids = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.bigInt().map(String),
      fc.maxSafeInteger().map(String),
    );
    fc.assert(
      fc.property(ids, (objectId) => {
        expect(String(JSON.parse(objectIdJson(objectId)))).toBe(objectId);
      }),
    );
  });
});
