import Joi from 'joi';

/** A JSON Schema, draft 2020-12, or some of its keywords. */
export type JsonSchema = Readonly<Record<string, unknown>>;

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
  {
    type: /^(any|string|number|boolean|object|array|dict)$/,
    rules: { documented: documentedRule() },
  },
];

/** A rule that checks nothing, because joi asks rules what they add to the JSON Schema of a field. */
function documentedRule() {
  return {
    multi: true,
    args: ['keywords'],
    method(this: { $_addRule(rule: object): Joi.Schema }, keywords: JsonSchema) {
      return this.$_addRule({ name: 'documented', args: { keywords } });
    },
    validate: (value: unknown) => value,
    jsonSchema: ({ args }: { args: { keywords: JsonSchema } }, schema: JsonSchema) => ({
      ...schema,
      ...args.keywords,
    }),
  };
}

function refuseText(code: string): NonNullable<Joi.Extension['prepare']> {
  return (value: unknown, { error }) =>
    typeof value === 'string' ? { value, errors: error(code) } : undefined;
}

const isDict = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What joi's own JSON Schema of a field cannot tell: the limits of custom rules, formats, examples. Checks nothing. */
export const documented = <S extends Joi.Schema>(schema: S, keywords: JsonSchema): S =>
  (schema as unknown as { documented(keywords: JsonSchema): S }).documented(keywords);

/** joi with these types. */
export const types = Joi.extend(...ownTypes) as Joi.Root & {
  dict(): Joi.AnySchema<Record<string, unknown>>;
};
