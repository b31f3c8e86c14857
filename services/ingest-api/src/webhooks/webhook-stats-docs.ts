import type { JsonSchema } from '@oms-webhooks/http';
import { record } from '../openapi/call-doc.ts';

const instantOrNull = { type: ['string', 'null'], format: 'date-time' };
const { type, ...percentiles } = record({
  p50: { type: 'number' },
  p95: { type: 'number' },
  p99: { type: 'number' },
});

const window = record({
  attempts: { type: 'integer' },
  delivered: { type: 'integer' },
  success_share: { type: ['number', 'null'], minimum: 0, maximum: 1 },
  attempts_per_minute: { type: 'number' },
  duration_ms: { type: [type, 'null'], ...percentiles },
  sampled: { type: 'boolean', description: 'The latest 10,000 attempts stand for all.' },
});

export const stats: JsonSchema = record({
  webhook: { type: 'integer' },
  is_active: { type: 'boolean' },
  disabled_reason: { type: ['string', 'null'] },
  last_hour: window,
  last_24_hours: window,
  backlog: record({
    events: { type: 'integer' },
    at_least: { type: 'boolean', description: 'There are more than were counted.' },
    oldest_due: instantOrNull,
    oldest_due_seconds: { type: 'number' },
  }),
  last_delivered: instantOrNull,
  last_failed: instantOrNull,
  failing_since: instantOrNull,
  circuit: { type: 'null', description: 'Dispatchers alone know it.' },
});

const exampleWindow = {
  attempts: 120,
  delivered: 118,
  success_share: 0.9833,
  attempts_per_minute: 2,
  duration_ms: { p50: 41, p95: 120, p99: 310 },
  sampled: false,
};
export const statsExample = {
  webhook: 68,
  is_active: true,
  disabled_reason: null,
  last_hour: exampleWindow,
  last_24_hours: exampleWindow,
  backlog: { events: 0, at_least: false, oldest_due: null, oldest_due_seconds: 0 },
  last_delivered: '2023-10-12T10:07:35.200005Z',
  last_failed: null,
  failing_since: null,
  circuit: null,
};
