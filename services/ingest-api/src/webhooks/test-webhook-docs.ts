import { EVENT_STATES } from '@oms-webhooks/domain';
import { answer, named, record, type CallDoc } from '../openapi/call-doc.ts';
import { invalid } from '../openapi/errors.ts';
import { attemptExample } from '../webhook-events/webhook-event-docs.ts';

const uuid = '2877cadd-fc60-4a5a-a54f-b7be716f4f25';

export const testDocs: CallDoc = {
  id: 'testWebhook',
  tag: 'Webhooks',
  summary: 'Sends an example event, once, and answers its attempt',
  description: 'Takes no body.',
  answers: {
    200: answer(
      'The attempt, whatever came of it.',
      {
        allOf: [
          named('Attempt'),
          record({ uuid: { type: 'string', format: 'uuid' }, state: { enum: EVENT_STATES } }),
        ],
      },
      { uuid, state: 'exhausted', ...attemptExample, number: 1 },
    ),
    400: invalid({ non_field_errors: ['Webhook is not active.'] }),
    504: answer(
      'No dispatcher has taken it in time.',
      record({
        detail: { type: 'string' },
        uuid: { type: 'string', format: 'uuid' },
        event: { type: 'integer' },
      }),
      { detail: 'No dispatcher has taken the event within 15 s. It was not sent.', uuid, event: 5941 },
    ),
  },
};
