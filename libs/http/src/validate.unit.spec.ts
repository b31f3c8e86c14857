import fc from 'fast-check';
import type { Schema } from 'joi';
import { ApiError } from './api-error.ts';
import {
  booleanField,
  charField,
  choiceField,
  dictField,
  integerField,
  listField,
  numberField,
  objectField,
  partial,
  pkField,
  uuidField,
} from './fields.ts';
import { refuseWhole } from './refusals.ts';
import { validate } from './validate.ts';

const messages = (schema: Schema, value: unknown): unknown => {
  try {
    return { taken: validate(schema, value) };
  } catch (error) {
    if (error instanceof ApiError && error.status === 400) return error.body;
    throw error;
  }
};
/** What one field answers to a value: the messages, or what it becomes. */
const field = (schema: Schema, value: unknown): unknown => {
  const { a, taken } = messages(objectField({ a: schema }), { a: value }) as {
    a?: unknown;
    taken?: { a: unknown };
  };
  return a ?? taken?.a;
};

describe('validate', () => {
  const hook = objectField({
    retry: objectField({
      choice: choiceField(['fixed']),
      kwargs: objectField({ seconds: integerField({ min: 0 }) }),
    }),
    target: charField({ max: 5 }),
    active: booleanField({ required: false }),
  });

  it('reports all fields at once, nested, in the order of the schema', () => {
    const body = messages(hook, {
      active: 'perhaps',
      target: 'too long',
      retry: { choice: 'x', kwargs: {} },
    });
    expect(JSON.stringify(body)).toBe(
      JSON.stringify({
        retry: { choice: ['"x" is not a valid choice.'], kwargs: { seconds: ['This field is required.'] } },
        target: ['Ensure this field has no more than 5 characters.'],
        active: ['Must be a valid boolean.'],
      }),
    );
  });

  it('drops unknown fields and keeps what it takes', () => {
    expect(
      messages(hook, { x: 1, target: ' a ', retry: { y: 1, choice: 'fixed', kwargs: { seconds: '60' } } }),
    ).toEqual({
      taken: { target: 'a', retry: { choice: 'fixed', kwargs: { seconds: 60 } } },
    });
  });

  it.each([
    ['text', 'str'],
    ['{"target":"a"}', 'str'],
    [[], 'list'],
    [5, 'int'],
    [1.5, 'float'],
    [true, 'bool'],
  ])('refuses %j where an object belongs', (value, type) => {
    const message = [`Invalid data. Expected a dictionary, but got ${type}.`];
    expect(messages(hook, value)).toEqual({ non_field_errors: message });
    expect(field(hook, value)).toEqual({ non_field_errors: message });
  });

  it('tells null from something else', () => {
    expect(messages(hook, null)).toEqual({ non_field_errors: ['No data provided'] });
    expect(field(hook, null)).toEqual(['This field may not be null.']);
  });

  it('asks rules across fields only when the fields are right', () => {
    const range = objectField({ min: integerField(), max: integerField() }).custom(
      (value: { min: number; max: number }, check) =>
        value.min < value.max ? value : refuseWhole(check, "'max' must be greater than 'min'."),
    );
    expect(field(range, { min: 2, max: 1 })).toEqual({
      non_field_errors: ["'max' must be greater than 'min'."],
    });
    expect(field(range, { min: 'x', max: 1 })).toEqual({ min: ['A valid integer is required.'] });
    expect(messages(range, { min: 2, max: 1 })).toEqual({
      non_field_errors: ["'max' must be greater than 'min'."],
    });
  });

  it('requires nothing of a partial schema, but what nested objects require', () => {
    expect(messages(partial(hook), {})).toEqual({ taken: {} });
    expect(messages(partial(hook), { retry: { choice: 'fixed' } })).toEqual({
      retry: { kwargs: ['This field is required.'] },
    });
  });

  it('answers any body with a value or with messages', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void messages(hook, value)));
  });
});

describe('fields', () => {
  it.each([
    ['', ['This field may not be blank.']],
    ['  ', ['This field may not be blank.']],
    [null, ['This field may not be null.']],
    [true, ['Not a valid string.']],
    [[], ['Not a valid string.']],
    [{}, ['Not a valid string.']],
    [12, '12'],
    [' a ', 'a'],
    ['a\0', ['Null characters are not allowed.']],
    ['\ud800', ['Surrogate characters are not allowed: U+D800.']],
    ['😀😀😀', '😀😀😀'],
    ['abcd', ['Ensure this field has no more than 3 characters.']],
    ['abc\0', ['Null characters are not allowed.', 'Ensure this field has no more than 3 characters.']],
  ])('text of at most 3: %j', (value, outcome) => {
    expect(field(charField({ max: 3 }), value)).toEqual(outcome);
  });

  it('text may be blank or null where it may', () => {
    expect(field(charField({ blank: true }), ' ')).toBe('');
    expect(field(charField({ trim: false }), ' a\n')).toBe(' a\n');
    expect(field(charField({ nullable: true }), null)).toBeNull();
  });

  it.each([
    ['60', 60],
    ['60.0', 60],
    [-1, ['Ensure this value is greater than or equal to 0.']],
    [100, ['Ensure this value is less than or equal to 99.']],
    ['x', ['A valid integer is required.']],
    ['', ['A valid integer is required.']],
    [1.5, ['A valid integer is required.']],
    [true, ['A valid integer is required.']],
    ['99999999999999999999', ['A valid integer is required.']],
    [null, ['This field may not be null.']],
  ])('integer from 0 to 99: %j', (value, outcome) => {
    expect(field(integerField({ min: 0, max: 99 }), value)).toEqual(outcome);
  });

  it.each([
    [0.5, 0.5],
    [' 2.50 ', 2.5],
    ['1e400', ['A valid number is required.']],
    [true, ['A valid number is required.']],
    [0.05, ['Ensure this value is greater than or equal to 0.1.']],
    [null, ['This field may not be null.']],
  ])('number of at least 0.1: %j', (value, outcome) => {
    expect(field(numberField({ min: 0.1 }), value)).toEqual(outcome);
  });

  it.each([
    ['yes', true],
    ['1', true],
    [1, true],
    ['FALSE', false],
    [0, false],
    ['tRuE', ['Must be a valid boolean.']],
    [2, ['Must be a valid boolean.']],
    [null, ['This field may not be null.']],
  ])('boolean: %j', (value, outcome) => {
    expect(field(booleanField(), value)).toEqual(outcome);
  });

  it.each([
    ['a', 'a'],
    ['{#label} "x"', ['"{#label} "x"" is not a valid choice.']],
    [1, ['"1" is not a valid choice.']],
    [true, ['"True" is not a valid choice.']],
    [null, ['This field may not be null.']],
  ])('choice: %j', (value, outcome) => {
    expect(field(choiceField(['a']), value)).toEqual(outcome);
  });

  it.each([
    [9, 9],
    ['9', 9],
    ['x', ['Incorrect type. Expected pk value, received str.']],
    [true, ['Incorrect type. Expected pk value, received bool.']],
    [{}, ['Incorrect type. Expected pk value, received dict.']],
    ['', ['This field may not be null.']],
    [null, ['This field may not be null.']],
  ])('key: %j', (value, outcome) => {
    expect(field(pkField(), value)).toEqual(outcome);
  });

  it.each([
    ['D2A839F009CC4755A731081D4CC1330A', 'd2a839f0-09cc-4755-a731-081d4cc1330a'],
    ['d2a839f0-09cc-4755-a731-081d4cc1330a', 'd2a839f0-09cc-4755-a731-081d4cc1330a'],
    ['d2a839f0', ['Must be a valid UUID.']],
    [5, ['Must be a valid UUID.']],
    [null, ['This field may not be null.']],
  ])('uuid: %j', (value, outcome) => {
    expect(field(uuidField(), value)).toEqual(outcome);
  });

  it.each([
    [
      { constructor: 1, a: { b: null } },
      { constructor: 1, a: { b: null } },
    ],
    ['{}', ['Expected a dictionary of items but got type "str".']],
    [[], ['Expected a dictionary of items but got type "list".']],
    [null, ['This field may not be null.']],
  ])('dictionary: %j', (value, outcome) => {
    expect(field(dictField(), value)).toEqual(outcome);
  });

  it.each([
    [
      [1, '2'],
      [1, 2],
    ],
    [[], []],
    [[1, 'x', null], { 1: ['A valid integer is required.'], 2: ['This field may not be null.'] }],
    ['[1]', ['Expected a list of items but got type "str".']],
    [{}, ['Expected a list of items but got type "dict".']],
    [[1, 2, 3, 4], ['Ensure this field has no more than 3 elements.']],
  ])('list of at most 3: %j', (value, outcome) => {
    expect(field(listField(integerField(), { max: 3 }), value)).toEqual(outcome);
  });
});
