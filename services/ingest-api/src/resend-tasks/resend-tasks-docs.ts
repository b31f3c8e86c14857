import type { ContentTypes } from '@oms-webhooks/config';
import type { ResendTask } from '@oms-webhooks/db';
import { jsonSchemaOf } from '@oms-webhooks/http';
import { answer, linksById, named, record, type Docs } from '../openapi/call-doc.ts';
import { invalid } from '../openapi/errors.ts';
import { pageAnswers } from '../openapi/pages.ts';
import { idInPath, pageParameters } from '../openapi/parameters.ts';
import { selectionBody } from './selection.ts';

const STATES: readonly ResendTask['state'][] = ['READY', 'WORKING', 'FINISHED', 'FAILED', 'ABORTED'];

const example = {
  id: 7,
  state: 'WORKING',
  total: 1200,
  done: 400,
  failed: 0,
  created_date: '2023-10-12T10:07:35.200005Z',
  finished_date: null,
  estimated: false,
  rate: 200,
  filters: { webhook: '68', state: 'exhausted' },
  account: 'shop',
  error: null,
};
const shown = answer('The task.', named('Task'), example);
const count = { type: 'integer', description: 'Events that it is about.' };
const estimated = { const: true, description: 'There where counting took too long.' };

export const resendTasksDocs = (contentTypes: ContentTypes): Docs => ({
  paths: {
    '/api/v1/oms/oms_hook_events/resend-events/': {
      POST: {
        id: 'resendEvents',
        tag: 'Webhook events',
        summary: 'Resends many events, chosen by the filters of the list',
        body: {
          schema: jsonSchemaOf(selectionBody(contentTypes)),
          example: { webhook: 68, state: 'exhausted', dry_run: true },
          optional: true,
        },
        answers: {
          200: answer(
            'With `dry_run`: how many they are; nothing is sent.',
            { type: 'object', properties: { count, estimated }, required: ['count'] },
            { count: 1200 },
          ),
          202: {
            ...answer(
              'A task has begun.',
              {
                type: 'object',
                properties: { task: { type: 'integer' }, count, estimated },
                required: ['task', 'count'],
              },
              { task: 7, count: 1200 },
            ),
            links: linksById('/task', 'getTask', 'abortTask'),
          },
          400: invalid({ created_date__gte: ['Enter a valid date/time.'] }),
        },
      },
    },
    '/api/v1/oms/tasks/': {
      GET: {
        id: 'listTasks',
        tag: 'Webhook events',
        summary: 'Bulk resends, newest first',
        parameters: pageParameters,
        answers: pageAnswers(named('Task'), example),
      },
    },
    '/api/v1/oms/tasks/:id/': {
      parameters: [idInPath],
      GET: { id: 'getTask', tag: 'Webhook events', summary: 'How far it is', answers: { 200: shown } },
    },
    '/api/v1/oms/tasks/:id/abort/': {
      parameters: [idInPath],
      POST: {
        id: 'abortTask',
        tag: 'Webhook events',
        summary: 'Ends a bulk resend; what it has resent stays so',
        description: 'Takes no body. One that has ended stays as it is.',
        answers: { 200: shown },
      },
    },
  },
  schemas: {
    Task: record({
      id: { type: 'integer' },
      state: { enum: STATES },
      total: { type: 'integer' },
      done: { type: 'integer' },
      failed: { type: 'integer', description: 'Not resent, since their webhook is not active.' },
      created_date: { type: 'string', format: 'date-time' },
      finished_date: { type: ['string', 'null'], format: 'date-time' },
      estimated: { type: 'boolean', description: 'Whether `total` is.' },
      rate: { type: 'integer', description: 'Events a second.' },
      filters: { type: 'object', additionalProperties: { type: 'string' } },
      account: { type: 'string' },
      error: { type: ['string', 'null'] },
    }),
  },
});
