import { REGISTRY_TOPICS } from '@oms-webhooks/db';
import { jsonSchemaOf } from '@oms-webhooks/http';
import {
  answer,
  linksById,
  named,
  record,
  type CallDoc,
  type Docs,
  type Parameter,
} from '../openapi/call-doc.ts';
import { os1Error } from '../openapi/errors.ts';
import { cursorParameters } from '../openapi/parameters.ts';
import { PATHS } from './operations.ts';
import { badTenant, cursorMeta, ID, tenantParameters } from './registry-docs.ts';
import { eventsChange, subscriptionBody, subscriptionChanges } from './subscription-body.ts';

const id = '2877cadd-fc60-4a5a-a54f-b7be716f4f25';
const listed = {
  id,
  description: '',
  topic: 'participant',
  eventAppId: ID,
  isActive: true,
  customAttr: false,
};
const detailed = {
  ...listed,
  events: ['UserCreated'],
  webhook: { url: 'https://shop.example/hooks' },
  disabledEvents: [],
};
const body = {
  topic: 'participant',
  eventAppId: ID,
  events: ['UserCreated'],
  webhook: { url: 'https://shop.example/hooks', signatureKey: 'c2VjcmV0IGtleQ==' },
};
const texts = { type: 'array', items: { type: 'string' } };
const members = {
  id: { type: 'string', format: 'uuid' },
  description: { type: 'string' },
  topic: { enum: REGISTRY_TOPICS },
  eventAppId: { type: 'string', pattern: '^app:' },
  isActive: { type: 'boolean' },
  customAttr: { type: 'boolean' },
};
const shown = answer('The subscription, never with its key.', record({ data: named('Subscription') }), {
  data: detailed,
});
const next = linksById(
  '/data/id',
  'getSubscription',
  'changeSubscription',
  'changeSubscriptionEvents',
  'deleteSubscription',
);
const unknown = (operation: string) => os1Error(`${operation}4044`, 'There is no such subscription.');
const notPermitted = (operation: string) =>
  os1Error(`${operation}4031`, 'No role of this account holds every permission that the app asks for.');
const inPath: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string', format: 'uuid' },
  example: id,
};
const call = (
  name: string,
  summary: string,
  doc: Pick<CallDoc, 'parameters' | 'body' | 'answers'>,
): CallDoc => ({
  id: name,
  tag: 'Subscriptions',
  summary,
  ...doc,
});

export const subscriptionDocs: Docs = {
  paths: {
    [PATHS.subscriptions]: {
      parameters: tenantParameters,
      GET: call('listSubscriptions', 'The account’s own in the tenant, oldest first', {
        parameters: cursorParameters,
        answers: {
          200: answer(
            'One page of the list.',
            record({
              data: record({ meta: cursorMeta, subscriptions: { type: 'array', items: record(members) } }),
            }),
            { data: { meta: { nextPage: null, hasNextPage: false }, subscriptions: [listed] } },
          ),
          400: badTenant('0302'),
        },
      }),
      POST: call('createSubscription', 'Subscribes to events of one app and topic', {
        body: { schema: jsonSchemaOf(subscriptionBody), example: body },
        answers: {
          201: { ...shown, links: next },
          403: notPermitted('0301'),
        },
      }),
    },
    [PATHS.subscription]: {
      parameters: [inPath, ...tenantParameters],
      GET: call('getSubscription', 'One subscription with its events', {
        answers: { 200: shown, 400: badTenant('0303'), 404: unknown('0303') },
      }),
      PATCH: call(
        'changeSubscription',
        'Changes what is named; `isActive: true` also enables what was disabled',
        {
          body: { schema: jsonSchemaOf(subscriptionChanges), example: { isActive: false }, optional: true },
          answers: { 200: shown, 403: notPermitted('0304'), 404: unknown('0304') },
        },
      ),
      DELETE: call(
        'deleteSubscription',
        'Deletes a subscription; what it has sent stays in the lists of events',
        {
          answers: {
            200: answer('Its id.', record({ data: record({ id: members.id }) }), { data: { id } }),
            400: badTenant('0305'),
            404: unknown('0305'),
          },
        },
      ),
    },
    [PATHS.subscriptionEvents]: {
      parameters: [inPath, ...tenantParameters],
      PATCH: call('changeSubscriptionEvents', 'Adds events to a subscription, or removes them', {
        body: { schema: jsonSchemaOf(eventsChange), example: { action: 'add', events: ['UserUpdated'] } },
        answers: { 200: shown, 403: notPermitted('0306'), 404: unknown('0306') },
      }),
    },
  },
  schemas: {
    Subscription: record({
      ...members,
      events: texts,
      webhook: record({ url: { type: 'string' } }),
      disabledEvents: {
        type: 'array',
        description: 'Those that are not delivered, and why.',
        items: record({ name: { type: 'string' }, reason: { type: 'string' } }),
      },
    }),
  },
};
