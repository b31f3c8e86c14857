import Joi from 'joi';

/*
 * joi's types with Django REST framework's coercions: numbers become text, and text that holds JSON stays text.
 */
const ownTypes: Joi.Extension[] = [
  {
    type: 'string',
    base: Joi.string(),
    coerce: { from: 'number', method: (value: number) => ({ value: String(value) }) },
  },
  { type: 'object', base: Joi.object(), prepare: refuseText('object.base') },
  { type: 'array', base: Joi.array(), prepare: refuseText('array.base') },
  {
    type: 'dict',
    base: Joi.any(),
    validate: (value: unknown, { error }) =>
      isDict(value) ? { value } : { value, errors: error('dict.base') },
  },
];

function refuseText(code: string): NonNullable<Joi.Extension['prepare']> {
  return (value: unknown, { error }) =>
    typeof value === 'string' ? { value, errors: error(code) } : undefined;
}

const isDict = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** joi with these types. */
export const types = Joi.extend(...ownTypes) as Joi.Root & {
  dict(): Joi.AnySchema<Record<string, unknown>>;
};
