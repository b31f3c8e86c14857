import { call } from './call.ts';
import type { PageOf } from './pages.ts';

/** One change: who made it, and what it was. Secrets are masked by the API. */
export interface AuditEntry {
  id: number;
  created_date: string;
  account: string;
  token: number | null;
  action: string;
  object_type: string;
  object_id: number | string;
  changes: Record<string, [before: unknown, after: unknown]>;
}

export const listAuditEntries = (query: URLSearchParams) =>
  call<PageOf<AuditEntry>>('GET', '/api/v1/oms/audit/', { query });
