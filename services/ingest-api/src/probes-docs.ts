import { answer, record, type Docs } from './openapi/call-doc.ts';

const state = (statuses: [string, ...string[]], waitingFor: string[], description: string) =>
  answer(
    description,
    record({ status: { enum: statuses }, waiting_for: { type: 'array', items: { type: 'string' } } }),
    { status: statuses[0], waiting_for: waitingFor },
  );

export const probesDocs: Docs = {
  paths: {
    '/healthz': {
      GET: {
        id: 'getHealth',
        tag: 'Service',
        summary: 'Does the process run?',
        answers: { 200: answer('It does.', record({ status: { const: 'ok' } }), { status: 'ok' }) },
      },
    },
    '/readyz': {
      GET: {
        id: 'getReadiness',
        tag: 'Service',
        summary: 'Can it do its work?',
        answers: {
          200: state(['ready'], [], 'It can.'),
          503: state(['not ready', 'stopping'], ['PostgreSQL'], 'It waits for something, or it stops.'),
        },
      },
    },
    '/metrics': {
      GET: {
        id: 'getMetrics',
        tag: 'Service',
        summary: 'Metrics for Prometheus',
        answers: {
          200: { ...answer('In its text format.', { type: 'string' }), mediaType: 'text/plain' },
        },
      },
    },
    '/docs': {
      GET: {
        id: 'getDocsPage',
        tag: 'Service',
        summary: 'A page that shows this document',
        answers: { 200: { ...answer('The page.', { type: 'string' }), mediaType: 'text/html' } },
      },
    },
    '/openapi.json': {
      GET: {
        id: 'getOpenApiDocument',
        tag: 'Service',
        summary: 'This document',
        answers: { 200: answer('OpenAPI 3.1.', { type: 'object' }) },
      },
    },
  },
};
