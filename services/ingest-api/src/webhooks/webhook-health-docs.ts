import { answer, named, record, type CallDoc } from '../openapi/call-doc.ts';
import { invalid } from '../openapi/errors.ts';
import { pageAnswers } from '../openapi/pages.ts';
import { pageParameters } from '../openapi/parameters.ts';

const instantOrNull = { type: ['string', 'null'], format: 'date-time' };
const textOrNull = { type: ['string', 'null'] };

const webhookInTrouble = record({
  webhook: { type: 'integer' },
  target_url: { type: 'string' },
  event_type: { type: 'string' },
  is_active: { type: 'boolean' },
  disabled_reason: textOrNull,
  failing_since: instantOrNull,
  last_attempt: instantOrNull,
  response_http_status: { type: ['integer', 'null'] },
  error_kind: textOrNull,
  last_error: textOrNull,
});

export const failingDocs: CallDoc = {
  id: 'listFailingWebhooks',
  tag: 'Webhooks',
  summary: 'Which webhooks fail, since when and why; then those that were disabled for a reason',
  parameters: pageParameters,
  answers: pageAnswers(named('WebhookInTrouble'), {
    webhook: 68,
    target_url: 'https://shop.example/hooks',
    event_type: 'package.status.shipped',
    is_active: true,
    disabled_reason: null,
    failing_since: '2023-10-12T10:07:35.200005Z',
    last_attempt: '2023-10-12T11:40:02.000125Z',
    response_http_status: 503,
    error_kind: null,
    last_error: null,
  }),
};

const webhookHistory = record({
  hours: { type: 'integer' },
  bucket_minutes: { type: 'integer' },
  buckets: {
    type: 'array',
    items: record({
      from: { type: 'string', format: 'date-time' },
      attempts: { type: 'integer' },
      delivered: { type: 'integer' },
      duration_ms: record({ p50: { type: 'number' }, p95: { type: 'number' } }),
    }),
  },
});

export const historyDocs: CallDoc = {
  id: 'getWebhookHistory',
  tag: 'Webhooks',
  summary: 'What came of a webhook’s attempts over time, and how long they took',
  description: 'Stretches of time without attempts are left out. Of the latest 50,000 attempts.',
  parameters: [
    { name: 'hours', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 168, default: 24 } },
  ],
  answers: {
    200: answer('Its history, oldest first.', named('WebhookHistory'), {
      hours: 24,
      bucket_minutes: 24,
      buckets: [
        {
          from: '2023-10-12T10:00:00.000000Z',
          attempts: 12,
          delivered: 11,
          duration_ms: { p50: 41, p95: 120 },
        },
      ],
    }),
    400: invalid({ hours: ['Ensure this value is a whole number from 1 to 168.'] }),
  },
};

export const healthSchemas = { WebhookInTrouble: webhookInTrouble, WebhookHistory: webhookHistory };
