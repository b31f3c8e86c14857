import type { ContentTypes } from '@oms-webhooks/config';
import {
  anyField,
  booleanField,
  documented,
  integerField,
  objectField,
  readFilters,
  refuse,
  validate,
  type JsonSchema,
} from '@oms-webhooks/http';
import type Joi from 'joi';
import { eventFilters } from '../webhook-events/event-filters.ts';

/** Events a second. */
const DEFAULT_RATE = 200;
const HIGHEST_RATE = 10_000;

/** What a bulk resend is about, and how fast it goes. */
export interface Selection {
  /** Those that could be read, as a list's parameters. */
  filters: Record<string, string>;
  rate: number;
  dryRun: boolean;
}

/** The filters of the list, each as its parameter is written, and how to go about it. */
export const selectionBody = (contentTypes: ContentTypes) =>
  documented(
    objectField({
      ...Object.fromEntries(
        Object.entries(eventFilters(contentTypes)).map(([name, { schema }]) => [
          name,
          documented(anyField({ required: false, nullable: true }), orNull(schema)).custom(parameter),
        ]),
      ),
      rate: documented(integerField({ min: 1, max: HIGHEST_RATE, required: false }), {
        default: DEFAULT_RATE,
      }),
      dry_run: booleanField({ required: false }),
    }),
    { unevaluatedProperties: false },
  ) as Joi.ObjectSchema<Record<string, string | null> & { rate?: number; dry_run?: boolean }>;

const orNull = (schema: JsonSchema): JsonSchema => ({ anyOf: [schema, { type: 'null' }] });

/**
 * Reads the body of a bulk resend: the filters as a list reads its parameters. Throws 400, also for those that a list
 * would ignore: a misspelt filter shows somebody too many events, here it would send them.
 */
export function readSelection(contentTypes: ContentTypes): (body: unknown) => Selection {
  const filters = eventFilters(contentTypes);
  const schema = selectionBody(contentTypes);

  return (body) => {
    const { rate = DEFAULT_RATE, dry_run: dryRun = false, ...given } = validate(schema, body);
    const parameters = new URLSearchParams();
    for (const name of Object.keys(body as object))
      if (!NOT_FILTERS.has(name)) parameters.set(name, given[name] ?? '');
    const read = Object.keys(readFilters(parameters, filters, { strictly: true }));
    return {
      filters: Object.fromEntries(read.map((name) => [name, parameters.get(name) ?? ''])),
      rate,
      dryRun,
    };
  };
}

const NOT_FILTERS = new Set(['rate', 'dry_run']);

const parameter: Joi.CustomValidator = (value: unknown, check) => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return refuse(check, 'Not a valid string.');
};
