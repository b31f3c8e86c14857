import { jsonSchemaOf } from '@oms-webhooks/http';
import { answer, record, type CallDoc } from '../../openapi/call-doc.ts';
import { tryBody } from './try-event.ts';

const textOrNull = { type: ['string', 'null'] };
const matches = { type: 'boolean' };

export const tryEventDocs: CallDoc = {
  id: 'tryPublishedEvent',
  tag: 'Publisher apps',
  summary: 'What a message would come to, without publishing it',
  body: {
    schema: { ...jsonSchemaOf(tryBody), anyOf: [{ required: ['message'] }, { required: ['event'] }] },
    example: { message: { eventType: 'UserCreatedEvent', event: { id: 7 } } },
  },
  answers: {
    200: answer(
      'What would come of it.',
      record({
        data: record({
          matches,
          eventType: record({ message: textOrNull, event: { type: 'string' }, matches }),
          filterLogic: record({
            matches,
            error: textOrNull,
            explanation: {
              type: 'array',
              description: 'The value of each expression that was evaluated, by its path.',
              items: {
                type: 'object',
                properties: {
                  path: { type: 'string' },
                  expression: {},
                  value: {},
                  error: { type: 'string' },
                },
                required: ['path', 'expression'],
              },
            },
          }),
          lookupPath: textOrNull,
          missingParameter: textOrNull,
          payload: { type: ['object', 'null'] },
          subscribers: { type: 'integer' },
        }),
      }),
      {
        data: {
          matches: true,
          eventType: { message: 'UserCreatedEvent', event: 'UserCreatedEvent', matches: true },
          filterLogic: { matches: true, error: null, explanation: [] },
          lookupPath: null,
          missingParameter: null,
          payload: { eventType: 'UserCreatedEvent', event: { id: 7 } },
          subscribers: 1,
        },
      },
    ),
  },
};
