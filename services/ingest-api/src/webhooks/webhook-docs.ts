import { EVENT_CATALOGUE } from '@oms-webhooks/domain';
import { jsonSchemaOf, partial, type JsonSchema } from '@oms-webhooks/http';
import type Joi from 'joi';
import { named, record } from '../openapi/call-doc.ts';
import { configField } from './config-field.ts';
import { countdownField } from './countdown-field.ts';
import { webhookBody } from './webhook-body.ts';

export const webhookExample = {
  id: 68,
  retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 60 } },
  created_date: '2022-04-15T13:40:22.651798Z',
  modified_date: '2023-10-11T11:38:26.237910Z',
  target_url: 'https://shop.example/hooks',
  is_active: true,
  secret_key: 'esGmJGCSbxJUsYqsPFEeMiSpPqcqABPI',
  event_type: 'package.status.shipped',
  callback: '',
  additional_headers: {},
  config: {},
};

const body = webhookBody(EVENT_CATALOGUE);

/** With what webhooks are shown with, too, by its name. */
function bodySchema(schema: Joi.Schema): JsonSchema {
  const { properties, ...others } = jsonSchemaOf(schema);
  return {
    ...others,
    properties: {
      ...(properties as object),
      retry_countdown_config: named('Countdown'),
      config: named('WebhookConfig'),
    },
  };
}

const webhook = record({
  id: { type: 'integer' },
  retry_countdown_config: named('Countdown'),
  created_date: { type: 'string', format: 'date-time' },
  modified_date: { type: 'string', format: 'date-time' },
  target_url: { type: 'string' },
  is_active: { type: 'boolean' },
  secret_key: { type: ['string', 'null'] },
  event_type: { type: 'string' },
  callback: { type: ['string', 'null'] },
  additional_headers: { type: 'object', additionalProperties: { type: 'string' } },
  config: named('WebhookConfig'),
});

export const webhookSchemas = {
  Countdown: jsonSchemaOf(countdownField),
  Webhook: webhook,
  WebhookConfig: jsonSchemaOf(configField),
  WebhookBody: bodySchema(body),
  WebhookChanges: bodySchema(partial(body)),
};
