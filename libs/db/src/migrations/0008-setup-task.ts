import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The task that registers the webhooks of OMNITRON_WEBHOOKS: one at a time, whatever the number of replicas. */
export class SetupTask1764200000000 implements MigrationInterface {
  name = 'SetupTask1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(setupTask);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE setup_task');
  }
}

/* A run that stops beating was cut short: it reads ABORTED. */
const setupTask = `
  CREATE TABLE setup_task (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    state         text NOT NULL CHECK (state IN ('WORKING', 'FINISHED', 'FAILED', 'ABORTED')),
    started_by    text NOT NULL,
    registered    int NOT NULL DEFAULT 0,
    error         text,
    created_date  timestamptz NOT NULL DEFAULT now(),
    beat_date     timestamptz NOT NULL DEFAULT now(),
    finished_date timestamptz
  );
  CREATE UNIQUE INDEX setup_task_working ON setup_task (state) WHERE state = 'WORKING'`;
