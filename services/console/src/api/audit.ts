import { answerOf, api, asTheyStand, type Shape } from './api.ts';

/** One change: who made it, and what it was. */
export type AuditEntry = Shape<'AuditEntry'>;

export const listAuditEntries = (query: URLSearchParams) =>
  answerOf(api.GET('/api/v1/oms/audit/', asTheyStand(query)));
