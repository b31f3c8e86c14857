import { EntitySchema } from 'typeorm';
import type { Instant } from '@oms-webhooks/domain';

/** One run of setup. While it is WORKING, whoever runs it moves `beatDate`; one that has stopped beating was cut short. */
export interface SetupTask {
  id: number;
  state: 'WORKING' | 'FINISHED' | 'FAILED' | 'ABORTED';
  /** The account that asked for it. */
  startedBy: string;
  /** Webhooks that it has registered. */
  registered: number;
  error: string | null;
  createdDate: Instant;
  beatDate: Instant;
  finishedDate: Instant | null;
}

export const setupTaskEntity = new EntitySchema<SetupTask>({
  name: 'setup_task',
  columns: {
    id: { type: 'bigint', primary: true, generated: true },
    state: { type: 'text' },
    startedBy: { name: 'started_by', type: 'text' },
    registered: { type: 'int', default: 0 },
    error: { type: 'text', nullable: true },
    createdDate: { name: 'created_date', type: 'timestamptz', default: () => 'now()' },
    beatDate: { name: 'beat_date', type: 'timestamptz', default: () => 'now()' },
    finishedDate: { name: 'finished_date', type: 'timestamptz', nullable: true },
  },
});
