import type { JsonSchema } from '@oms-webhooks/http';
import { answer, record, type Parameter } from './call-doc.ts';

const UUID = 'd2a839f0-09cc-4755-a731-081d4cc1330a';

const header = (name: string, description: string, schema: JsonSchema, required = true): Parameter => ({
  name,
  in: 'header',
  required,
  description,
  schema,
});
const text: JsonSchema = { type: 'string' };

const headers: Parameter[] = [
  header('X-Whisperer-Event', 'The event type.', text),
  header('X-Whisperer-Attempt', '1 for the first attempt of this event.', { type: 'integer', minimum: 1 }),
  header(
    'X-Whisperer-Signature',
    '`sha256=` and the hexadecimal HMAC-SHA256 of the body, keyed with the secret; only when the webhook has one.',
    { type: 'string', pattern: '^sha256=[0-9a-f]{64}$' },
    false,
  ),
  header(
    'X-Whisperer-Signature-Previous',
    'The same by the secret before, for 24 h after it was replaced.',
    { type: 'string', pattern: '^sha256=[0-9a-f]{64}$' },
    false,
  ),
  header('webhook-id', 'The event’s uuid; the same on every attempt.', { type: 'string', format: 'uuid' }),
  header('webhook-timestamp', 'When this attempt was made, seconds since 1970.', { type: 'integer' }),
  header(
    'webhook-signature',
    'Standard Webhooks: `v1,` and the base64 HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`; of two secrets both, with a blank.',
    text,
    false,
  ),
  header('traceparent', 'As the publisher sent it, else with the event’s uuid as trace id.', text),
  header('User-Agent', '`oms-webhooks/` and a version.', text),
];

/** `additional_headers` and `config.auth` of a webhook come on top. */
const delivery = (id: string, summary: string, type: JsonSchema, payload: JsonSchema, example: object) => ({
  post: {
    operationId: id,
    tags: ['Webhooks'],
    summary,
    description:
      'Sent to `target_url`, with `additional_headers` and what `config.auth` asks for. The body is the same, byte for byte, on every attempt. At least once: remember `webhook-id`.',
    security: [],
    parameters: headers,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: record({
            event: record({
              type,
              uuid: {
                type: 'string',
                pattern: '^[0-9a-f]{32}$',
                description: '`webhook-id` without dashes.',
              },
            }),
            payload,
          }),
          example,
        },
      },
    },
    responses: {
      '2XX': answer('Delivered, when it is complete within the time limit.'),
      '3XX': answer('Failed: redirects are not followed. Attempted again by the countdown.'),
      '410': answer('The webhook is deactivated, and its unfinished events are cancelled.'),
      '429': retryLater,
      '503': retryLater,
      default: answer('Failed. Attempted again by the webhook’s countdown, then hourly, then exhausted.'),
    },
  },
});

const retryLater = {
  description: 'Failed; the next attempt waits at least as long as `Retry-After` says, up to an hour.',
  headers: { 'Retry-After': { description: 'Seconds, or an HTTP date.', schema: { type: 'string' } } },
};

/** The `webhooks` section: what targets are sent, and what their answers mean. */
export const deliveries = {
  delivery: delivery(
    'receiveEvent',
    'An event of the webhook’s type',
    { type: 'string', maxLength: 124 },
    { description: 'The resource, as it was published or looked up.' },
    {
      event: { type: 'package.status.shipped', uuid: UUID.replaceAll('-', '') },
      payload: { id: 8812, state: { name: 'Shipped' } },
    },
  ),
  'webhook.disabled': delivery(
    'receiveWebhookDisabled',
    'Another webhook of the account was disabled',
    { const: 'webhook.disabled' },
    record({
      webhook: { type: 'integer', description: 'Its id.' },
      target_url: { type: 'string' },
      event_type: { type: 'string' },
      reason: { type: 'string' },
      disabled_date: { type: 'string', format: 'date-time' },
      enable_again: { type: 'string', description: 'The call that does.' },
    }),
    {
      event: { type: 'webhook.disabled', uuid: UUID.replaceAll('-', '') },
      payload: {
        webhook: 3,
        target_url: 'https://shop.example/hooks',
        event_type: 'package.created',
        reason: '50 events in a row could not be delivered in all their attempts.',
        disabled_date: '2023-10-12T10:07:35.200005Z',
        enable_again: 'PATCH /whisperer/hooks/3/ {"is_active": true}',
      },
    },
  ),
};
