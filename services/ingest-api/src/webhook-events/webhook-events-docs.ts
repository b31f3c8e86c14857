import type { ContentTypes } from '@oms-webhooks/config';
import { jsonSchemaOf } from '@oms-webhooks/http';
import { answer, named, type CallDoc, type Docs, type Parameter } from '../openapi/call-doc.ts';
import { coded, detail, invalid } from '../openapi/errors.ts';
import { RETRY_AFTER } from '../openapi/family-answers.ts';
import { pageAnswers } from '../openapi/pages.ts';
import {
  dateDescriptions,
  filterParameters,
  idInPath,
  orderingParameter,
  pageParameters,
} from '../openapi/parameters.ts';
import { EVENT_ORDERINGS, eventFilters } from './event-filters.ts';
import { publishBody } from './publish-event.ts';
import { IDEMPOTENCY_KEY_PARAMETER, TRACEPARENT_PARAMETER } from './request-identity.ts';
import { resendSchema, retrySchema } from './resend-event.ts';
import { attempt, attemptExample, webhookEvent, webhookEventExample } from './webhook-event-docs.ts';

const inactive = invalid({ event: ['Its webhook is not active.'] });

/** The parameters that narrow a list of events. */
const narrowing = (contentTypes: ContentTypes) =>
  filterParameters(eventFilters(contentTypes), {
    ...dateDescriptions,
    event_type: 'In any case, and with dashes for dots.',
    model: 'The name of a content type.',
    q: 'An object id, a uuid, or the first eight or more digits of one.',
  });

export function webhookEventsDocs(contentTypes: ContentTypes): Docs {
  const listParameters = [...pageParameters, orderingParameter(EVENT_ORDERINGS), ...narrowing(contentTypes)];
  return {
    paths: {
      '/api/v1/oms/oms_hook_events/publish-event/': { POST: publish(contentTypes) },
      '/api/v1/oms/oms_hook_events/resend-event/': {
        POST: {
          id: 'resendEvent',
          tag: 'Webhook events',
          summary: 'Sends an event again, at once, whatever its state',
          body: { schema: jsonSchemaOf(resendSchema), example: { event: webhookEventExample.uuid } },
          answers: {
            200: answer('It is queued, ahead of its countdown.'),
            400: invalid({ event: ['Must be a valid UUID.'] }),
            404: detail('Not found.', 'There is no such event, or it is another account’s.'),
          },
        },
      },
      '/api/v1/oms/oms_hook_events/': { GET: list('listEvents', 'Events, newest first', listParameters) },
      '/api/v1/oms/oms_hook_events/stream/': { GET: stream(narrowing(contentTypes)) },
      '/api/v1/oms/oms_hook_events/:id/': { parameters: [idInPath], GET: one('getEvent') },
      '/api/v1/oms/oms_hook_events/:id/attempts/': {
        parameters: [idInPath],
        GET: {
          id: 'listAttempts',
          tag: 'Webhook events',
          summary: 'The requests that were sent, newest first',
          parameters: pageParameters,
          answers: pageAnswers(named('Attempt'), attemptExample),
        },
      },
      '/api/v1/oms/settings/undelivered_webhooks/': {
        GET: list(
          'listUndelivered',
          'Events that are not delivered: after an attempt, or a minute without one',
          listParameters,
        ),
      },
      '/whisperer/hook_events/': {
        GET: list('listHookEvents', 'Events, as dj-whisperer has them', listParameters),
      },
      '/whisperer/hook_events/:id/': { parameters: [idInPath], GET: one('getHookEvent') },
      '/whisperer/hook_events/:id/retry/': {
        parameters: [idInPath],
        POST: {
          id: 'retryHookEvent',
          tag: 'Webhook events',
          summary: 'Sends an event again that is out of attempts; with `force` earlier',
          body: { schema: jsonSchemaOf(retrySchema), example: { force: true }, optional: true },
          answers: {
            200: answer('It is queued.'),
            400: inactive,
            406: coded(
              'event_100_6',
              'Event is still in retry process',
              '`event_100_6`: it still has attempts, and no force; `event_100_3`: it is delivered.',
            ),
          },
        },
      },
    },
    schemas: { WebhookEvent: webhookEvent, Attempt: attempt },
  };
}

const publish = (contentTypes: ContentTypes): CallDoc => ({
  id: 'publishEvent',
  tag: 'Publishing',
  summary: 'Publishes an event to one webhook',
  description:
    '`instance.data`, an object, is the payload as it stands; without it the resource is looked up at the first attempt.',
  parameters: [IDEMPOTENCY_KEY_PARAMETER, TRACEPARENT_PARAMETER],
  body: {
    schema: jsonSchemaOf(publishBody(contentTypes)),
    example: { hook: 3, instance: { pk: 8812, model: 'package', data: { id: 8812 } } },
  },
  answers: {
    202: {
      ...answer('The event is durable.'),
      headers: {
        'X-Event-UUID': { description: 'Of the event.', schema: { type: 'string', format: 'uuid' } },
      },
      links: { resendEvent: { requestBody: { event: '$response.header.X-Event-UUID' } } },
    },
    400: invalid({ hook: ['Invalid pk "9" - object does not exist.'] }),
    409: detail(
      'This Idempotency-Key was used for another request within the last 24 hours.',
      'The `Idempotency-Key` was used for something else.',
    ),
  },
});

const list = (id: string, summary: string, parameters: readonly Parameter[]): CallDoc => ({
  id,
  tag: 'Webhook events',
  summary,
  parameters,
  answers: {
    ...pageAnswers(named('WebhookEvent'), webhookEventExample, {
      count_estimated: {
        type: 'boolean',
        description: 'There when the list is long and `count` is about right. `page=last` counts exactly.',
      },
    }),
    400: invalid({ uuid: ['Enter a valid UUID.'] }),
  },
});

const one = (id: string): CallDoc => ({
  id,
  tag: 'Webhook events',
  summary: 'One event',
  answers: { 200: answer('The event.', named('WebhookEvent'), webhookEventExample) },
});

const stream = (filters: readonly Parameter[]): CallDoc => ({
  id: 'streamEvents',
  tag: 'Webhook events',
  summary: 'Events whenever they change, as server-sent events',
  description: 'Stays open. Each message has the event as the list shows it, and the `id` to go on from.',
  parameters: [
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'The `id` of the last message that was read: everything since is told.',
      schema: { type: 'string' },
    },
    ...filters,
  ],
  answers: {
    200: {
      ...answer('The stream.', { type: 'string' }, ': still here\nid: 1697105255200005\n\n'),
      mediaType: 'text/event-stream',
    },
    400: invalid({ uuid: ['Enter a valid UUID.'] }),
    429: {
      ...detail(
        'Request was throttled. Expected available in 10 seconds.',
        'Over the rate limit, or too many streams.',
      ),
      headers: RETRY_AFTER,
    },
  },
});
