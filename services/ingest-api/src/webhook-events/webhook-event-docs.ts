import { EVENT_STATES } from '@oms-webhooks/domain';
import type { JsonSchema } from '@oms-webhooks/http';
import { named, record } from '../openapi/call-doc.ts';
import { webhookExample } from '../webhooks/webhook-docs.ts';

const instant = { type: 'string', format: 'date-time' };
const instantOrNull = { type: ['string', 'null'], format: 'date-time' };

export const webhookEventExample = {
  id: 5941,
  webhook: webhookExample,
  created_date: '2023-10-12T10:07:35.200005Z',
  modified_date: '2023-10-12T10:08:23.085564Z',
  uuid: '2877cadd-fc60-4a5a-a54f-b7be716f4f25',
  request_payload: {
    event: { type: 'package.status.shipped', uuid: '2877caddfc604a5aa54fb7be716f4f25' },
    payload: { id: 8812 },
  },
  response_content: 'Service Unavailable',
  response_http_status: 503,
  delivered: false,
  request_datetimes: ['2023-10-12T10:07:36.301200Z', '2023-10-12T10:07:35.241702Z'],
  retry_count: 2,
  object_id: 8812,
  content_type: 4,
  state: 'retrying',
  next_attempt_at: '2023-10-12T10:07:38.340001Z',
  last_error: 'The target answered 503.',
};

export const webhookEvent: JsonSchema = record({
  id: { type: 'integer' },
  webhook: named('Webhook'),
  created_date: instant,
  modified_date: instant,
  uuid: { type: 'string', format: 'uuid' },
  request_payload: {
    ...record({
      event: record({ type: { type: 'string' }, uuid: { type: 'string', pattern: '^[0-9a-f]{32}$' } }),
      payload: {},
    }),
    description: 'The body that is sent; `payload` is `{}` until its resource was looked up.',
  },
  response_content: {
    type: 'string',
    description: 'Of the last attempt; of one without an answer the error.',
  },
  response_http_status: { type: ['integer', 'null'], description: '500 where there was no answer.' },
  delivered: { type: 'boolean' },
  request_datetimes: { type: 'array', items: instant, description: 'Of the attempts, newest first.' },
  retry_count: { type: ['integer', 'null'], description: 'Attempts; null before the first.' },
  object_id: { type: ['integer', 'string'] },
  content_type: { type: ['integer', 'null'], description: 'Null for events of a topic.' },
  state: { enum: EVENT_STATES },
  next_attempt_at: { ...instantOrNull, description: 'Null while an attempt is under way, too.' },
  last_error: { type: ['string', 'null'] },
});

export const attemptExample = {
  number: 2,
  request_datetime: '2023-10-12T10:07:36.301200Z',
  response_datetime: '2023-10-12T10:07:36.340200Z',
  duration_ms: 39,
  response_http_status: 503,
  error_kind: null,
  response_headers: { 'content-type': 'text/plain' },
  response_content: 'Service Unavailable',
  cause: 'countdown',
};

export const attempt: JsonSchema = record({
  number: { type: 'integer', minimum: 1 },
  request_datetime: instant,
  response_datetime: instant,
  duration_ms: { type: 'integer' },
  response_http_status: { type: ['integer', 'null'] },
  error_kind: {
    enum: ['timeout', 'connection', 'dns', 'tls', 'blocked', 'response', 'auth', 'lookup', null],
    description: 'Why there was no answer.',
  },
  response_headers: { type: ['object', 'null'], additionalProperties: { type: 'string' } },
  response_content: { type: 'string', description: 'The first 64 KiB.' },
  cause: { enum: ['countdown', 'resend', 'recovery'] },
});
