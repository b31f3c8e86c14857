import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Bulk resends: which events, how fast, and how far each has come. */
export class ResendTask1764300000000 implements MigrationInterface {
  name = 'ResendTask1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(resendTask);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE resend_task');
  }
}

/* A task is due as an event is: whoever locks a due one does its next step, so there is no owner that could be lost. */
const resendTask = `
  CREATE TABLE resend_task (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id     int NOT NULL REFERENCES account,
    superuser      boolean NOT NULL,       -- of every account's events
    filters        json NOT NULL,          -- as a list of events takes them, {name: text}
    rate           int NOT NULL CHECK (rate > 0),
    state          text NOT NULL DEFAULT 'READY'
                   CHECK (state IN ('READY', 'WORKING', 'FINISHED', 'FAILED', 'ABORTED')),
    total          bigint NOT NULL,
    estimated      boolean NOT NULL,       -- total is the planner's
    done           bigint NOT NULL DEFAULT 0,
    failed         bigint NOT NULL DEFAULT 0,
    cursor_id      bigint NOT NULL DEFAULT 0, -- events up to this one have been looked at
    last_id        bigint NOT NULL,        -- the newest event when it began
    next_step_date timestamptz DEFAULT now(), -- due when past; null when it has ended
    faults         int NOT NULL DEFAULT 0, -- steps in a row that went wrong
    error          text,
    created_date   timestamptz NOT NULL DEFAULT now(),
    finished_date  timestamptz
  );
  CREATE INDEX resend_task_due ON resend_task (next_step_date) WHERE next_step_date IS NOT NULL;
  CREATE INDEX resend_task_of_account ON resend_task (account_id, id)`;
