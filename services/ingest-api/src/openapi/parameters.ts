import type { Filter, JsonSchema } from '@oms-webhooks/http';
import type { Parameter } from './call-doc.ts';

const query = (name: string, description: string, schema: JsonSchema): Parameter => ({
  name,
  in: 'query',
  description,
  schema,
});

export const idInPath: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'integer', minimum: 1 },
  example: 3,
};

/** Of lists with `count`, `next` and `previous`. */
export const pageParameters: readonly Parameter[] = [
  query('page', 'Which page: from 1 on, or `last`.', {
    anyOf: [{ type: 'integer', minimum: 1 }, { const: 'last' }],
  }),
  query('page_size', 'Rows a page; more than 100 are 100.', { type: 'integer', minimum: 1, default: 20 }),
  query('limit', 'The same as `page_size`.', { type: 'integer', minimum: 1 }),
];

/** Of OS1's lists. */
export const cursorParameters: readonly Parameter[] = [
  query('nextPage', '`meta.nextPage` of the page before.', { type: 'string' }),
  query('limit', 'Rows a page; more than 100 are 100.', { type: 'integer', minimum: 1, default: 20 }),
];

/** @param fields what a list may be ordered by */
export const orderingParameter = (fields: readonly string[]): Parameter => ({
  ...query(
    'ordering',
    `Fields with commas, \`-\` before one for descending; newest first unless told. One of: ${fields.join(', ')}.`,
    {
      type: 'string',
    },
  ),
  example: `-${fields[1]}`,
});

/** The parameters by which a list is narrowed, from the table that reads them. */
export const filterParameters = (
  filters: Readonly<Record<string, Filter<unknown>>>,
  descriptions: Readonly<Record<string, string>> = {},
): Parameter[] =>
  Object.entries(filters).map(([name, { schema }]) => ({
    name,
    in: 'query',
    ...(descriptions[name] !== undefined && { description: descriptions[name] }),
    schema,
  }));

export const dateDescriptions = {
  created_date: 'Exactly then; a date alone is its midnight, UTC.',
  created_date__gt: 'Later than that.',
  created_date__gte: 'Then or later.',
  created_date__lt: 'Earlier than that.',
  created_date__lte: 'Then or earlier.',
};
