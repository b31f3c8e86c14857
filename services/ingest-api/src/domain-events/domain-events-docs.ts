import type { ContentTypes } from '@oms-webhooks/config';
import { EVENT_CATALOGUE } from '@oms-webhooks/domain';
import { jsonSchemaOf, type JsonSchema } from '@oms-webhooks/http';
import { answer, named, record, type Docs } from '../openapi/call-doc.ts';
import { detail, invalid } from '../openapi/errors.ts';
import { IDEMPOTENCY_KEY_PARAMETER, TRACEPARENT_PARAMETER } from '../webhook-events/request-identity.ts';
import { CLOUD_EVENT, CLOUD_EVENTS_BATCH } from './cloud-event-of-request.ts';
import { domainEventBody } from './domain-event.ts';
import { MOST_EVENTS } from './publish-batch.ts';

const example = {
  event_type: 'package.created',
  instance: { pk: 8812, model: 'package', data: { id: 8812 } },
};
const cloudEventExample = {
  specversion: '1.0',
  id: '5f0c',
  source: '/warehouse',
  type: 'package.created',
  subject: 'package/8812',
  data: { id: 8812 },
};
const published = { events: [{ uuid: '2877cadd-fc60-4a5a-a54f-b7be716f4f25', webhook: 68 }] };

const cloudEvent: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0; `source` and `id` together are the idempotency key.',
  properties: {
    specversion: { const: '1.0' },
    id: { type: 'string', minLength: 1 },
    source: { type: 'string', minLength: 1 },
    type: { type: 'string', minLength: 1, description: 'The event type.' },
    subject: {
      type: 'string',
      pattern: '^[^/]+/.',
      description: '`<model>/<pk>`, divided at its first slash.',
    },
    data: { type: 'object', description: 'The payload.' },
  },
  required: ['specversion', 'id', 'source', 'type', 'subject'],
};

export const domainEventsDocs = (contentTypes: ContentTypes): Docs => ({
  paths: {
    '/api/v1/oms/events/': {
      POST: {
        id: 'publishDomainEvent',
        tag: 'Publishing',
        summary: 'Says what happened: every active webhook of the type hears it',
        description:
          'Also as a CloudEvent in binary mode: headers `ce-…` with the data as the body. For a superuser’s token, and one with the permission `publish-events`, the webhooks are those of every account.',
        parameters: [IDEMPOTENCY_KEY_PARAMETER, TRACEPARENT_PARAMETER],
        body: {
          'application/json': { schema: named('DomainEvent'), example },
          [CLOUD_EVENT]: { schema: named('CloudEvent'), example: cloudEventExample },
        },
        answers: {
          202: answer(
            'The events are durable; none where nobody listens.',
            named('PublishedEvents'),
            published,
          ),
          400: invalid({ event_type: ['"x" is not a valid choice.'] }),
          409: detail(
            'This Idempotency-Key was used for another request within the last 24 hours.',
            'The idempotency key was used for something else.',
          ),
        },
      },
    },
    '/api/v1/oms/events/batch/': {
      POST: {
        id: 'publishDomainEvents',
        tag: 'Publishing',
        summary: 'The same of many, each of which is taken or refused for itself',
        parameters: [TRACEPARENT_PARAMETER],
        body: {
          'application/json': {
            schema: record({ events: { type: 'array', maxItems: MOST_EVENTS, items: named('DomainEvent') } }),
            example: { events: [{ ...example, idempotency_key: 'package-8812-created' }] },
          },
          [CLOUD_EVENTS_BATCH]: {
            schema: { type: 'array', maxItems: MOST_EVENTS, items: named('CloudEvent') },
            example: [cloudEventExample],
          },
        },
        answers: {
          202: answer(
            'What came of each, in their order.',
            record({
              results: {
                type: 'array',
                items: { anyOf: [named('PublishedEvents'), record({ errors: named('Invalid') })] },
              },
            }),
            { results: [published, { errors: { event_type: ['"x" is not a valid choice.'] } }] },
          ),
          400: invalid({ events: [`Ensure this field has no more than ${MOST_EVENTS} elements.`] }),
        },
      },
    },
  },
  schemas: {
    DomainEvent: jsonSchemaOf(domainEventBody(EVENT_CATALOGUE, contentTypes)),
    CloudEvent: cloudEvent,
    PublishedEvents: record({
      events: {
        type: 'array',
        items: record({ uuid: { type: 'string', format: 'uuid' }, webhook: { type: 'integer' } }),
      },
    }),
  },
});
