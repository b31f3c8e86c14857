import { answer, linksById, named, type Docs } from '../openapi/call-doc.ts';
import { coded, detail, invalid } from '../openapi/errors.ts';
import { pageAnswers } from '../openapi/pages.ts';
import { filterParameters, idInPath, orderingParameter, pageParameters } from '../openapi/parameters.ts';
import { webhookExample, webhookSchemas } from './webhook-docs.ts';
import { webhookFilters } from './webhooks-routes.ts';
import { stats, statsExample } from './webhook-stats-docs.ts';
import { failingDocs, healthSchemas, historyDocs } from './webhook-health-docs.ts';
import { testDocs } from './test-webhook-docs.ts';
import { WEBHOOK_ORDERINGS } from './webhook-store.ts';

const shown = answer('The webhook.', named('Webhook'), webhookExample);
const next = linksById(
  '/id',
  'getWebhook',
  'replaceWebhook',
  'changeWebhook',
  'deleteWebhook',
  'testWebhook',
  'getWebhookStats',
  'getWebhookHistory',
);
const refused = {
  400: invalid({ target_url: ['This field is required.'], event_type: ['"x" is not a valid choice.'] }),
  403: detail(
    'You do not have permission to perform this action.',
    'The event type is published by an app that asks for more than the account has.',
  ),
  406: coded(
    'webhook_100_2',
    'Webhook already registered',
    'The account has a webhook of this target and type.',
  ),
};
const example = {
  target_url: 'https://shop.example/hooks',
  event_type: 'package.status.shipped',
  secret_key: 'esGmJGCSbxJUsYqsPFEeMiSpPqcqABPI',
  retry_countdown_config: { choice: 'exponential', kwargs: { base: 2 } },
};

export const webhooksDocs: Docs = {
  paths: {
    '/whisperer/hooks/': {
      GET: {
        id: 'listWebhooks',
        tag: 'Webhooks',
        summary: 'Webhooks, newest first; deleted ones are inactive',
        parameters: [
          ...pageParameters,
          orderingParameter(WEBHOOK_ORDERINGS),
          ...filterParameters(webhookFilters, { event_type: 'In any case, and with dashes for dots.' }),
        ],
        answers: {
          ...pageAnswers(named('Webhook'), webhookExample),
          400: invalid({ target_url: ['Null characters are not allowed.'] }),
        },
      },
      POST: {
        id: 'createWebhook',
        tag: 'Webhooks',
        summary: 'Registers a webhook; a deleted one of the same target and type comes back',
        body: { schema: named('WebhookBody'), example },
        answers: { 201: { ...shown, links: next }, ...refused },
      },
    },
    '/whisperer/hooks/registry/': {
      GET: {
        id: 'listEventTypeNames',
        tag: 'Webhooks',
        summary: 'The names of the event types',
        answers: {
          200: answer('All of them.', { type: 'array', items: { type: 'string' } }, ['package.created']),
        },
      },
    },
    '/whisperer/hooks/failing/': { GET: failingDocs },
    '/whisperer/hooks/:id/': {
      parameters: [idInPath],
      GET: { id: 'getWebhook', tag: 'Webhooks', summary: 'One webhook', answers: { 200: shown } },
      PUT: {
        id: 'replaceWebhook',
        tag: 'Webhooks',
        summary: 'Changes a webhook; fields that are not required and left out stay',
        body: { schema: named('WebhookBody'), example },
        answers: { 200: shown, ...refused },
      },
      PATCH: {
        id: 'changeWebhook',
        tag: 'Webhooks',
        summary: 'Changes what is named; a new `secret_key` signs beside the old one for 24 hours',
        body: { schema: named('WebhookChanges'), example: { is_active: true }, optional: true },
        answers: { 200: shown, ...refused },
      },
      DELETE: {
        id: 'deleteWebhook',
        tag: 'Webhooks',
        summary: 'Deactivates a webhook and sets it aside; its unfinished events are cancelled',
        answers: {
          204: answer('It is deleted, or was already.'),
          406: coded('webhook_100_3', 'It belongs to a subscription.'),
        },
      },
    },
    '/whisperer/hooks/:id/test/': { parameters: [idInPath], POST: testDocs },
    '/whisperer/hooks/:id/history/': { parameters: [idInPath], GET: historyDocs },
    '/whisperer/hooks/:id/stats/': {
      parameters: [idInPath],
      GET: {
        id: 'getWebhookStats',
        tag: 'Webhooks',
        summary: 'How a webhook has done in the last hour and day',
        answers: { 200: answer('Its figures.', named('WebhookStats'), statsExample) },
      },
    },
  },
  schemas: { ...webhookSchemas, ...healthSchemas, WebhookStats: stats },
};
