import { jsonSchemaOf } from '@oms-webhooks/http';
import { answer, named, record, type Docs } from '../openapi/call-doc.ts';
import { detail, invalid } from '../openapi/errors.ts';
import { pageAnswers } from '../openapi/pages.ts';
import { pageParameters } from '../openapi/parameters.ts';
import { changedType, newType } from './event-type-body.ts';

const schema = { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] };
const example = {
  name: 'package.weighed',
  description: 'A package is weighed.',
  source: 'api',
  version: 1,
  schema,
  example: { id: 8812 },
};
const detailed = {
  ...example,
  versions: [{ version: 1, schema, example: { id: 8812 }, created_date: '2023-10-12T10:07:35.200005Z' }],
};
const notSuperuser = detail('You do not have permission to perform this action.', 'Not a superuser’s token.');
const notOfTheApi = detail(
  'This event type is of the catalogue; POST one of its name to replace it.',
  'It was not made through the API.',
);
const type = record({
  name: { type: 'string' },
  description: { type: 'string' },
  source: { enum: ['catalogue', 'settings', 'api', 'published'] },
  version: { type: ['integer', 'null'], description: 'Of the schema; null where there are no versions.' },
  schema: { type: ['object', 'null'], description: 'JSON Schema (2020-12) of `instance.data`.' },
  example: {},
});
const versions = {
  type: 'array',
  description: 'Newest first.',
  items: record({
    version: { type: 'integer' },
    schema: { type: ['object', 'null'] },
    example: {},
    created_date: { type: 'string', format: 'date-time' },
  }),
};
const shown = answer('The event type with all its versions.', named('EventTypeDetail'), detailed);

const next = Object.fromEntries(
  ['getEventType', 'changeEventType', 'deleteEventType'].map((id) => [
    id,
    { parameters: { name: '$response.body#/name' } },
  ]),
);

export const eventTypesDocs: Docs = {
  paths: {
    '/api/v1/oms/event_types/': {
      GET: {
        id: 'listEventTypes',
        tag: 'Event types',
        summary: 'Every event type that is known, by name',
        parameters: pageParameters,
        answers: pageAnswers(named('EventType'), example),
      },
      POST: {
        id: 'createEventType',
        tag: 'Event types',
        summary: 'Makes an event type, or replaces one of the settings or the catalogue',
        description: 'Superusers only.',
        body: {
          schema: jsonSchemaOf(newType),
          example: { name: 'package.weighed', description: 'A package is weighed.', schema },
        },
        answers: {
          201: { ...shown, links: next },
          400: invalid({ name: ['event type with this name already exists.'] }),
          403: notSuperuser,
        },
      },
    },
    '/api/v1/oms/event_types/:name/': {
      parameters: [
        { name: 'name', in: 'path', required: true, schema: { type: 'string' }, example: 'package.weighed' },
      ],
      GET: { id: 'getEventType', tag: 'Event types', summary: 'One event type', answers: { 200: shown } },
      PATCH: {
        id: 'changeEventType',
        tag: 'Event types',
        summary: 'Changes an event type; another schema or example makes a new version',
        body: { schema: jsonSchemaOf(changedType), example: { schema }, optional: true },
        answers: {
          200: shown,
          400: invalid({ schema: ['The schema must be an object.'] }),
          403: notSuperuser,
          409: notOfTheApi,
        },
      },
      DELETE: {
        id: 'deleteEventType',
        tag: 'Event types',
        summary: 'Deletes an event type; one of the settings or the catalogue that it replaced is back',
        answers: { 204: answer('It is gone.'), 403: notSuperuser, 409: notOfTheApi },
      },
    },
  },
  schemas: {
    EventType: type,
    EventTypeDetail: { allOf: [named('EventType'), record({ versions })] },
  },
};
