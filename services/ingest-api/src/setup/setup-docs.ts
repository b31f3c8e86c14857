import { answer, record, type CallDoc, type Docs } from '../openapi/call-doc.ts';
import { detail } from '../openapi/errors.ts';
import type { SetupState } from './setup-tasks.ts';

const STATES: readonly SetupState[] = ['READY', 'WORKING', 'FINISHED', 'FAILED', 'ABORTED'];

const asked = (
  id: string,
  summary: string,
  answers: CallDoc['answers'],
): { GET: CallDoc; POST: CallDoc } => ({
  GET: { id: `get${id}`, tag: 'Setup', summary, answers },
  POST: { id: `post${id}`, tag: 'Setup', summary, description: 'The same as GET; takes no body.', answers },
});

export const setupDocs: Docs = {
  paths: {
    '/api/v1/oms/setup/webhooks/execute/': {
      POST: {
        id: 'executeSetup',
        tag: 'Setup',
        summary: 'Registers the webhooks of the settings that are missing',
        description: 'Takes no body. Runs once, however many replicas and callers there are.',
        answers: { 204: answer('A run begins, unless one is at work.') },
      },
    },
    '/api/v1/oms/setup/webhooks/get_async_status/': asked('SetupStatus', 'How the last run stands', {
      200: answer('`READY` before the first run.', record({ result: { enum: STATES } }), {
        result: 'FINISHED',
      }),
    }),
    '/api/v1/oms/setup/webhooks/is_required/': asked(
      'SetupRequired',
      'Is a webhook of the settings missing?',
      {
        200: answer('As text.', record({ result: { enum: ['true', 'false'] } }), { result: 'false' }),
        502: detail('The Omnitron service answered 500.', 'The Omnitron service does not say.'),
        504: detail('The Omnitron service has not answered in time.'),
      },
    ),
  },
};
