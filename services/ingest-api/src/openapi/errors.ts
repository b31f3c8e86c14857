import type { JsonSchema } from '@oms-webhooks/http';
import { named, record, type Answer } from './call-doc.ts';

/** Answers in the shapes of Django REST framework. */
export const detail = (text: string, description = text): Answer => ({
  description,
  schema: named('Detail'),
  example: { detail: text },
});

/** @param example the fields that are wrong, nested as the request is */
export const invalid = (
  example: object,
  description = 'Fields or parameters that are wrong, all at once.',
): Answer => ({
  description,
  schema: named('Invalid'),
  example,
});

/** dj-whisperer's numbered refusals. */
export const coded = (code: string, en: string, description = en): Answer => ({
  description,
  schema: named('CodedError'),
  example: { code, en },
});

/** OS1's envelope. @param code the last eight digits: call, error */
export const os1Error = (code: string, text: string, description = text): Answer => ({
  description,
  schema: named('Os1Error'),
  example: {
    error: { code: `1010${code}`, description: text, additionalInfo: { errorTrace: [] } },
    request: { uri: '/core/api/v1/webhooks/apps', method: 'POST', queryString: '', body: null },
  },
});

export const errorSchemas: Record<string, JsonSchema> = {
  Detail: record({ detail: { type: 'string' } }),
  Messages: {
    description: 'What is wrong with a field, or with each of its members.',
    anyOf: [
      { type: 'array', items: { type: 'string' } },
      { type: 'object', additionalProperties: named('Messages') },
    ],
  },
  Invalid: {
    description:
      'The messages of each field, nested as the request is; or `detail`, of a request that cannot be read.',
    anyOf: [named('Detail'), { type: 'object', additionalProperties: named('Messages') }],
  },
  CodedError: record({ code: { type: 'string' }, en: { type: 'string' } }),
  ServerError: record({ detail: { type: 'string' }, request_id: { type: 'string' } }),
  Os1Error: record({
    error: record({
      code: { type: 'string', pattern: '^\\d{12}$', description: 'Service, call, error: four digits each.' },
      description: { type: 'string' },
      additionalInfo: record({
        errorTrace: {
          type: 'array',
          items: { type: 'object', description: '`{field, message}` for everything that is wrong.' },
        },
      }),
    }),
    request: record({
      uri: { type: 'string' },
      method: { type: 'string' },
      queryString: { type: 'string' },
      body: { description: 'As it was read, secrets masked; null when it was not read, or is long.' },
    }),
  }),
};
