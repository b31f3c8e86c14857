import type { JsonSchema } from '@oms-webhooks/http';
import { record, type Answer } from './call-doc.ts';
import { detail } from './errors.ts';

/** The answers of a list in pages. @param example of one row */
export const pageAnswers = (row: JsonSchema, example: unknown): Record<number, Answer> => ({
  200: {
    description: 'One page of the list.',
    schema: record({
      count: { type: 'integer', minimum: 0, description: 'Rows of the whole list.' },
      next: { type: ['string', 'null'], format: 'uri' },
      previous: { type: ['string', 'null'], format: 'uri' },
      results: { type: 'array', items: row },
    }),
    example: { count: 1, next: null, previous: null, results: [example] },
  },
  404: detail('Invalid page.', 'There is no such page.'),
});
