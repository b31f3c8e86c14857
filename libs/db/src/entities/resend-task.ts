import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';
import type { Account } from './account.ts';

/** One bulk resend. READY: no step has been done yet. */
export interface ResendTask {
  id: number;
  account: Account;
  accountId: number;
  /** Whether it is about every account's events. */
  superuser: boolean;
  /** As a list of events takes them. */
  filters: Record<string, string>;
  /** Events a second. */
  rate: number;
  state: 'READY' | 'WORKING' | 'FINISHED' | 'FAILED' | 'ABORTED';
  /** Events that it is about; counted when it began, or `estimated` where that took too long. */
  total: number;
  estimated: boolean;
  done: number;
  /** Events that were not resent, since their webhook is not active. */
  failed: number;
  cursorId: number;
  lastId: number;
  nextStepDate: Instant | null;
  faults: number;
  error: string | null;
  createdDate: Instant;
  finishedDate: Instant | null;
}

export const resendTaskEntity = new EntitySchema<ResendTask>({
  name: 'resend_task',
  columns: {
    id: { type: 'bigint', primary: true, generated: true },
    accountId: { name: 'account_id', type: 'int' },
    superuser: { type: 'boolean' },
    filters: { type: 'json' },
    rate: { type: 'int' },
    state: { type: 'text', default: 'READY' },
    total: { type: 'bigint' },
    estimated: { type: 'boolean' },
    done: { type: 'bigint', default: 0 },
    failed: { type: 'bigint', default: 0 },
    cursorId: { name: 'cursor_id', type: 'bigint', default: 0 },
    lastId: { name: 'last_id', type: 'bigint' },
    nextStepDate: { name: 'next_step_date', type: 'timestamptz', nullable: true, default: () => 'now()' },
    faults: { type: 'int', default: 0 },
    error: { type: 'text', nullable: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    finishedDate: { name: 'finished_date', type: 'timestamptz', nullable: true },
  },
  relations: {
    account: { type: 'many-to-one', target: 'account', joinColumn: { name: 'account_id' } },
  },
});
