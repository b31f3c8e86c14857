import { jsonSchemaOf, type JsonSchema } from '@oms-webhooks/http';
import { answer, named, record, type CallDoc, type Docs, type Parameter } from '../openapi/call-doc.ts';
import { os1Error } from '../openapi/errors.ts';
import { cursorParameters } from '../openapi/parameters.ts';
import { deleteBody, registerBody, updateBody } from './event-body.ts';
import { PATHS } from './operations.ts';
import { badTenant, cursorMeta, ID, tenantParameters, topicInPath } from './registry-docs.ts';
import { tryEventDocs } from './topics/try-event-docs.ts';

const listed = { name: 'UserCreated', type: 'users', appId: ID, description: 'When a new user is created' };
const given = {
  name: 'UserCreated',
  type: 'users',
  description: 'When a new user is created',
  eventType: 'UserCreatedEvent',
  filterLogic: { '===': ['$eventType', 'UserCreatedEvent'] },
};
const members = {
  name: { type: 'string' },
  type: { type: 'string' },
  appId: { type: 'string', pattern: '^app:' },
  description: { type: 'string' },
};
const listOf = (item: JsonSchema): JsonSchema => ({ type: 'array', items: item });
const notFound = (operation: string) =>
  os1Error(
    `${operation}4041`,
    'This account has no app configuration; create one first.',
    'The account has no app (`4041`), there is no such topic (`4042`), or there are no such events (`4043`).',
  );
const anothers = (operation: string) =>
  os1Error(`${operation}4032`, 'Published by another app: UserCreated.', 'Another app’s events.');

const eventNameInPath: Parameter = {
  name: 'eventName',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  example: 'UserCreated',
};

const call = (
  id: string,
  summary: string,
  doc: Pick<CallDoc, 'parameters' | 'body' | 'answers'>,
): CallDoc => ({
  id,
  tag: 'Publisher apps',
  summary,
  ...doc,
});

export const eventDocs: Docs = {
  paths: {
    [PATHS.events]: {
      parameters: [topicInPath, ...tenantParameters],
      GET: call('getPublisherEvents', 'getPublisherEvents: all apps’ events of the tenant and topic', {
        parameters: cursorParameters,
        answers: {
          200: answer(
            'One page of the list.',
            record({ data: record({ events: listOf(named('PublishedEvent')), meta: cursorMeta }) }),
            { data: { events: [listed], meta: { nextPage: null, hasNextPage: false } } },
          ),
          400: badTenant('0202'),
          404: os1Error(
            '02024042',
            'x is not a topic; there are participant, entity, container.',
            'There is no such topic.',
          ),
        },
      }),
      POST: call('registerEvents', 'registerEvents: all or none', {
        body: {
          schema: jsonSchemaOf(registerBody),
          example: { getApiPath: '/app/api/v2/users/{userid}', events: [given] },
        },
        answers: {
          201: answer('The events.', record({ data: record({ events: listOf(named('PublishedEvent')) }) }), {
            data: { events: [listed] },
          }),
          403: anothers('0201'),
          404: notFound('0201'),
          409: os1Error('02014093', 'Registered already: UserCreated.'),
        },
      }),
      DELETE: call('bulkDeleteEvents', 'bulkDeleteEvents: all or none', {
        body: { schema: jsonSchemaOf(deleteBody), example: { events: ['UserCreated'] } },
        answers: {
          200: answer(
            'What was deleted, and how many subscriptions had it.',
            record({
              data: record({ events: listOf({ type: 'string' }), subscriptions: { type: 'integer' } }),
            }),
            { data: { events: ['UserCreated'], subscriptions: 0 } },
          ),
          403: anothers('0204'),
          404: notFound('0204'),
        },
      }),
    },
    [PATHS.event]: {
      parameters: [topicInPath, eventNameInPath, ...tenantParameters],
      PUT: call(
        'updatePublisherEvents',
        'updatePublisherEvents: each object is applied to the event, in turn',
        {
          body: { schema: jsonSchemaOf(updateBody), example: { events: [{ description: 'Another one' }] } },
          answers: {
            200: answer(
              'The event.',
              record({ data: record({ events: listOf(named('PublishedEventDetail')) }) }),
              {
                data: {
                  events: [
                    {
                      ...listed,
                      getApiPath: null,
                      eventType: given.eventType,
                      filterLogic: given.filterLogic,
                    },
                  ],
                },
              },
            ),
            403: anothers('0203'),
            404: notFound('0203'),
            409: os1Error('02034093', 'Registered already: UserCreated.'),
          },
        },
      ),
    },
    [PATHS.tryEvent]: {
      parameters: [topicInPath, eventNameInPath, ...tenantParameters],
      POST: { ...tryEventDocs, answers: { ...tryEventDocs.answers, 404: notFound('0205') } },
    },
  },
  schemas: {
    PublishedEvent: record(members),
    PublishedEventDetail: record({
      ...members,
      getApiPath: { type: ['string', 'null'] },
      eventType: { type: 'string' },
      filterLogic: {},
    }),
  },
};
