import { call } from './call.ts';
import type { PageOf } from './pages.ts';

/** A bulk resend, and how far it is. */
export interface ResendTask {
  id: number;
  state: 'READY' | 'WORKING' | 'FINISHED' | 'FAILED' | 'ABORTED';
  total: number;
  done: number;
  failed: number;
  created_date: string;
  finished_date: string | null;
  /** Whether `total` is what PostgreSQL's planner expects. */
  estimated: boolean;
  rate: number;
  filters: Record<string, string>;
  account: string;
  error: string | null;
}

const TASKS = '/api/v1/oms/tasks/';
const RESEND_EVENTS = '/api/v1/oms/oms_hook_events/resend-events/';

/** How many events a bulk resend would be of. */
export const previewResend = (filters: Record<string, string>) =>
  call<{ count: number; estimated?: boolean }>('POST', RESEND_EVENTS, {
    json: { ...filters, dry_run: true },
  });

export const startResend = (filters: Record<string, string>, rate: number) =>
  call<{ task: number; count: number }>('POST', RESEND_EVENTS, { json: { ...filters, rate } });

export const listResendTasks = () =>
  call<PageOf<ResendTask>>('GET', TASKS, { query: new URLSearchParams({ page_size: '5' }) });

export const abortResend = (id: number) => call<ResendTask>('POST', `${TASKS}${id}/abort/`);
