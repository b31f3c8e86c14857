import type Joi from 'joi';
import { documented, types } from './field-types.ts';
import { refuse } from './refusals.ts';
import { storable } from './storable-text.ts';

/** Whether a field may be left out or null; required and not null unless told. */
export interface FieldOptions {
  required?: boolean;
  nullable?: boolean;
}

/** Text, trimmed unless told. @param max characters (code points) */
export function charField({
  max,
  blank = false,
  trim = true,
  ...options
}: FieldOptions & { max?: number; blank?: boolean; trim?: boolean } = {}) {
  const text = types.string().trim(trim).custom(storable);
  const short = max === undefined ? text : documented(text, { maxLength: max }).custom(atMost(max));
  if (blank) return withOptions(short.allow(''), options);
  return withOptions(trim ? documented(short, { pattern: NOT_BLANK }) : short, options);
}

/** A whole number or its decimal text. */
export function integerField({ min, max, ...options }: FieldOptions & { min?: number; max?: number } = {}) {
  let number = types.number().integer();
  if (min !== undefined) number = number.min(min);
  if (max !== undefined) number = number.max(max);
  return withOptions(number, options);
}

/** A number, fractions included, or its decimal text. @param min included */
export function numberField({ min, ...options }: FieldOptions & { min: number }) {
  const number: Joi.CustomValidator = (value: unknown, check) => {
    const read = typeof value === 'string' && DECIMAL.test(value.trim()) ? Number(value) : value;
    if (typeof read !== 'number' || !Number.isFinite(read))
      return refuse(check, 'A valid number is required.');
    return read < min ? refuse(check, `Ensure this value is greater than or equal to ${min}.`) : read;
  };
  return withOptions(documented(types.any(), { type: 'number', minimum: min }).custom(number), options);
}

/** A boolean, or one of the words that Django REST framework takes for one. */
export function booleanField(options: FieldOptions = {}) {
  return withOptions(
    types
      .boolean()
      .truthy(...TRUE_WORDS)
      .falsy(...FALSE_WORDS)
      .sensitive(),
    options,
  );
}

export function choiceField(choices: readonly string[], options: FieldOptions = {}) {
  return withOptions(types.valid(...choices), options);
}

/** The key of another object: a whole number or its text; whether the object exists is for the caller to say. */
export function pkField(options: FieldOptions = {}) {
  return withOptions(documented(types.any(), { type: 'integer' }).custom(pk), options);
}

/** A uuid, with or without dashes; becomes lower-case with dashes. */
export function uuidField(options: FieldOptions = {}) {
  return withOptions(documented(types.any(), { type: 'string', format: 'uuid' }).custom(uuid), options);
}

/** An object of any members, kept as it is; one that is stored as JSON needs `storable`, too. */
export function dictField(options: FieldOptions = {}) {
  return withOptions(documented(types.dict(), { type: 'object' }), options);
}

export function listField(item: Joi.Schema, { max, ...options }: FieldOptions & { max?: number } = {}) {
  // A required item would have joi refuse the empty list.
  const list = types.array().items(item.optional());
  return withOptions(max === undefined ? list : list.max(max), options);
}

/** Any JSON value, kept as it is. */
export function anyField(options: FieldOptions = {}) {
  return withOptions(types.any(), options);
}

/** An object of the given fields; others are dropped. */
export function objectField(fields: Joi.SchemaMap, options: FieldOptions = {}) {
  return withOptions(types.object(fields), options);
}

/** The same fields for PATCH: none of them is required. */
export function partial<T>(schema: Joi.ObjectSchema<T>): Joi.ObjectSchema<Partial<T>> {
  const names = Object.keys((schema.describe() as { keys: object }).keys);
  return schema.fork(names, (field) => field.optional());
}

/** Dashed and lower-case; undefined when the text is no uuid. */
export function parseUuid(text: string): string | undefined {
  const digits = text.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function withOptions<S extends Joi.Schema>(
  schema: S,
  { required = true, nullable = false }: FieldOptions,
): S {
  const presence = required ? schema.required() : schema.optional();
  return (nullable ? presence.allow(null) : presence) as S;
}

/** Of text that is trimmed: joi's own check comes after that, and its JSON Schema knows nothing of it. */
const NOT_BLANK = '\\S';
const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const TRUE_WORDS = [
  't',
  'T',
  'y',
  'Y',
  'yes',
  'Yes',
  'YES',
  'true',
  'True',
  'TRUE',
  'on',
  'On',
  'ON',
  '1',
  1,
];
const FALSE_WORDS = [
  'f',
  'F',
  'n',
  'N',
  'no',
  'No',
  'NO',
  'false',
  'False',
  'FALSE',
  'off',
  'Off',
  'OFF',
  '0',
  0,
];

const atMost =
  (max: number): Joi.CustomValidator<string> =>
  (text, check) =>
    text.length <= max || [...text].length <= max
      ? text
      : refuse(check, `Ensure this field has no more than ${max} characters.`);

const pk: Joi.CustomValidator = (value: unknown, check) => {
  if (value === '') return refuse(check, 'This field may not be null.');
  const number = typeof value === 'string' && /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
  return Number.isInteger(number)
    ? (number as number)
    : refuse(check, `Incorrect type. Expected pk value, received ${pythonType(value)}.`);
};

const uuid: Joi.CustomValidator = (value: unknown, check) =>
  (typeof value === 'string' ? parseUuid(value) : undefined) ?? refuse(check, 'Must be a valid UUID.');

/** The name of a JSON value's type in Python, which the messages mention. */
export function pythonType(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    default:
      return value === null ? 'NoneType' : Array.isArray(value) ? 'list' : 'dict';
  }
}
