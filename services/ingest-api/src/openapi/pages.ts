import type { JsonSchema } from '@oms-webhooks/http';
import { record, type Answer } from './call-doc.ts';
import { detail } from './errors.ts';

/**
 * The answers of a list in pages.
 * @param example of one row
 * @param sometimes members that a page may have besides
 */
export function pageAnswers(
  row: JsonSchema,
  example: unknown,
  sometimes: Record<string, JsonSchema> = {},
): Record<number, Answer> {
  const always = {
    count: { type: 'integer', minimum: 0, description: 'Rows of the whole list.' },
    next: { type: ['string', 'null'], format: 'uri' },
    previous: { type: ['string', 'null'], format: 'uri' },
    results: { type: 'array', items: row },
  };
  return {
    200: {
      description: 'One page of the list.',
      schema: { ...record(always), properties: { ...always, ...sometimes } },
      example: { count: 1, next: null, previous: null, results: [example] },
    },
    404: detail('Invalid page.', 'There is no such page.'),
  };
}
