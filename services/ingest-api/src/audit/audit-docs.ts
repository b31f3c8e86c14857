import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES } from '@oms-webhooks/db';
import { named, record, type Docs } from '../openapi/call-doc.ts';
import { invalid } from '../openapi/errors.ts';
import { pageAnswers } from '../openapi/pages.ts';
import { dateDescriptions, filterParameters, pageParameters } from '../openapi/parameters.ts';
import { auditFilters } from './audit-routes.ts';

const example = {
  id: 12,
  created_date: '2023-10-12T10:07:35.200005Z',
  account: 'shop',
  token: 2,
  action: 'update',
  object_type: 'webhook',
  object_id: 3,
  changes: { is_active: [true, false] },
};

export const auditDocs: Docs = {
  paths: {
    '/api/v1/oms/audit/': {
      GET: {
        id: 'listAuditEntries',
        tag: 'Audit',
        summary: 'Who changed which webhook, token, event type or part of the registry, and when',
        description: 'All for superusers; for others what they did, and what others did to their own.',
        parameters: [...pageParameters, ...filterParameters(auditFilters, dateDescriptions)],
        answers: {
          ...pageAnswers(named('AuditEntry'), example),
          400: invalid({ created_date: ['Enter a valid date/time.'] }),
        },
      },
    },
  },
  schemas: {
    AuditEntry: record({
      id: { type: 'integer' },
      created_date: { type: 'string', format: 'date-time' },
      account: { type: 'string', description: 'Or `cli`, `bootstrap`, `system` where no token did it.' },
      token: { type: ['integer', 'null'] },
      action: { enum: AUDIT_ACTIONS },
      object_type: { enum: AUDIT_OBJECT_TYPES },
      object_id: { type: ['integer', 'string'] },
      changes: {
        type: 'object',
        description: 'Before and after by field, secrets masked.',
        additionalProperties: { type: 'array', items: {}, minItems: 2, maxItems: 2 },
      },
    }),
  },
};
