import { REGISTRY_TOPICS } from '@oms-webhooks/db';
import type { JsonSchema } from '@oms-webhooks/http';
import { record, type Parameter } from '../openapi/call-doc.ts';
import { os1Error } from '../openapi/errors.ts';

/** Of a publisher app, in examples. */
export const ID = 'app:8f14e45f-ceea-467f-a0e6-5b3f3c1d2e4a';

const header = (name: string, description: string, schema: JsonSchema): Parameter => ({
  name,
  in: 'header',
  description,
  schema,
});

/** Of every call of the family. */
export const tenantParameters: readonly Parameter[] = [
  header('X-COREOS-TID', 'The tenant; blank, or without it, the one without a name.', {
    type: 'string',
    pattern: '^[\\x21-\\x7e]{0,128}$',
  }),
  header(
    'X-COREOS-REQUEST-ID',
    'Answered as it is when it is 1 to 128 printable characters without blanks; any other is replaced.',
    { type: 'string' },
  ),
];

export const topicInPath: Parameter = {
  name: 'topic',
  in: 'path',
  required: true,
  schema: { enum: REGISTRY_TOPICS },
  example: REGISTRY_TOPICS[0],
};

export const badTenant = (operation: string) =>
  os1Error(
    `${operation}4002`,
    'X-COREOS-TID must be 1 to 128 printable ASCII characters without blanks.',
    'A tenant that is no printable text, or parameters that are wrong.',
  );

/** `meta` of a list. */
export const cursorMeta = record({
  nextPage: { type: ['string', 'null'] },
  hasNextPage: { type: 'boolean' },
});
