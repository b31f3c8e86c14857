import type Joi from 'joi';
import { validationFailed, type Messages } from './api-error.ts';
import { pythonType } from './fields.ts';
import { OF_FIELD, OF_WHOLE } from './refusals.ts';

/**
 * The value as the schema reads it: coerced, unknown fields dropped. Throws 400 with Django REST framework's messages, all at
 * once and in the order of the schema's fields.
 */
export function validate<T>(schema: Joi.Schema<T>, value: unknown): T {
  const result = prepared(schema).validate(value);
  if (result.error) throw validationFailed(messagesOf(result.error.details));
  return result.value;
}

const preparedSchemas = new WeakMap<Joi.Schema, Joi.Schema>();

/** With its options in itself: joi checks and merges those of a call at each call. */
function prepared<T>(schema: Joi.Schema<T>): Joi.Schema<T> {
  let found = preparedSchemas.get(schema);
  if (!found) {
    found = schema.prefs({ abortEarly: false, stripUnknown: true, errors: { render: false } });
    preparedSchemas.set(schema, found);
  }
  return found;
}

function messagesOf(details: Joi.ValidationErrorItem[]): Record<string, Messages> {
  const tree: Record<string, Messages> = {};
  for (const { type, path, context = {} } of details) {
    const whole =
      type === OF_WHOLE || (type === 'object.base' && (path.length === 0 || context.value !== null));
    put(tree, whole ? [...path, 'non_field_errors'] : path, messageOf(type, path, context));
  }
  return tree;
}

function put(tree: Record<string, Messages>, path: (string | number)[], message: string): void {
  const last = path.at(-1) ?? '';
  let branch = tree;
  for (const name of path.slice(0, -1)) {
    const next = branch[name];
    branch = isBranch(next) ? next : (branch[name] = {});
  }
  const messages = branch[last];
  if (Array.isArray(messages)) messages.push(message);
  else branch[last] = [message];
}

const isBranch = (node: Messages | undefined): node is Record<string, Messages> =>
  node !== undefined && !Array.isArray(node);

function messageOf(type: string, path: (string | number)[], context: Joi.Context): string {
  const value = context.value as unknown;
  if (value === null) return path.length === 0 ? 'No data provided' : 'This field may not be null.';
  if (type === OF_FIELD || type === OF_WHOLE) return String(context.message);
  switch (type) {
    case 'any.required':
      return 'This field is required.';
    case 'any.only':
      return `"${pythonText(value)}" is not a valid choice.`;
    case 'object.base':
      return `Invalid data. Expected a dictionary, but got ${pythonType(value)}.`;
    case 'dict.base':
      return `Expected a dictionary of items but got type "${pythonType(value)}".`;
    case 'array.base':
      return `Expected a list of items but got type "${pythonType(value)}".`;
    case 'array.max':
      return `Ensure this field has no more than ${String(context.limit)} elements.`;
    case 'string.base':
      return 'Not a valid string.';
    case 'string.empty':
      return 'This field may not be blank.';
    case 'boolean.base':
      return 'Must be a valid boolean.';
    case 'number.min':
      return `Ensure this value is greater than or equal to ${String(context.limit)}.`;
    case 'number.max':
      return `Ensure this value is less than or equal to ${String(context.limit)}.`;
    default:
      return type.startsWith('number.') ? 'A valid integer is required.' : 'Invalid value.';
  }
}

/** How Python writes a JSON value into a message. */
function pythonText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
