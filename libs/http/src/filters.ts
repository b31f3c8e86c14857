import { validationFailed } from './api-error.ts';
import type { JsonSchema } from './field-types.ts';
import { parseUuid } from './fields.ts';
import { readInstant } from './read-instant.ts';

/** How one parameter of a list is read. */
export interface Filter<T> {
  parse: (text: string) => T | undefined;
  /** For text that does not parse; without it such text is ignored. */
  message?: (text: string) => string;
  /** For the OpenAPI document. */
  schema: JsonSchema;
}

/** Booleans as Django's null-boolean select writes them. */
const BOOLEANS = new Map([
  ['true', true],
  ['True', true],
  ['2', true],
  ['false', false],
  ['False', false],
  ['3', false],
]);

export const booleanFilter: Filter<boolean> = {
  parse: (text) => BOOLEANS.get(text),
  schema: { type: 'boolean' },
};

export const uuidFilter: Filter<string> = {
  parse: parseUuid,
  message: () => 'Enter a valid UUID.',
  schema: { type: 'string', format: 'uuid' },
};

/** Any decimal number; compare it as `numeric`, since columns are narrower. */
export const numberFilter: Filter<number> = {
  parse: (text) =>
    /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) && Number.isFinite(Number(text))
      ? Number(text)
      : undefined,
  message: () => 'Enter a number.',
  schema: { type: 'number' },
};

/** An instant in whole microseconds. */
export const instantFilter: Filter<number> = {
  parse: readInstant,
  message: () => 'Enter a valid date/time.',
  schema: { type: 'string', format: 'date-time' },
};

export const textFilter: Filter<string> = {
  parse: (text) => (text.includes('\0') ? undefined : text),
  message: () => 'Null characters are not allowed.',
  schema: { type: 'string' },
};

export const choiceFilter = <T extends string>(choices: readonly T[]): Filter<T> => ({
  parse: (text) => choices.find((choice) => choice === text),
  message: (text) => `Select a valid choice. ${text} is not one of the available choices.`,
  schema: { enum: choices },
});

export type FilterValues<F> = { [Name in keyof F]?: F[Name] extends Filter<infer T> ? T : never };

/**
 * The filters of a list; absent, blank and unknown parameters are ignored, and those that cannot be read and have no
 * message for it. Throws 400 with the messages of all parameters.
 * @param strictly nothing but the blank is ignored: for what does more than show
 */
export function readFilters<F extends Record<string, Filter<unknown>>>(
  query: URLSearchParams,
  filters: F,
  { strictly = false } = {},
): FilterValues<F> {
  const values: Record<string, unknown> = {};
  const messages = new Map<string, string[]>();
  for (const [name, { parse, message }] of Object.entries(filters)) {
    // Django takes the last of several.
    const text = query.getAll(name).at(-1)?.trim();
    if (!text) continue;
    const value = parse(text);
    if (value !== undefined) values[name] = value;
    else if (message) messages.set(name, [message(text)]);
    else if (strictly) messages.set(name, ['Not a valid value.']);
  }
  if (strictly)
    for (const name of query.keys())
      if (!Object.hasOwn(filters, name)) messages.set(name, ['Unknown filter.']);
  if (messages.size > 0) throw validationFailed(Object.fromEntries(messages));
  return values as FilterValues<F>;
}

export interface Order<Name extends string> {
  field: Name;
  descending: boolean;
}

/** `ordering=-created_date,id`: the known fields of it, in turn. */
export function readOrdering<Name extends string>(
  query: URLSearchParams,
  fields: readonly Name[],
): Order<Name>[] {
  return (query.get('ordering') ?? '').split(',').flatMap((part) => {
    const descending = part.trim().startsWith('-');
    const field = fields.find((name) => name === part.trim().slice(descending ? 1 : 0));
    return field === undefined ? [] : [{ field, descending }];
  });
}
