import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is remembered of failing webhooks, and the third cause of an attempt: recovery after an outage. */
export class WebhookHealth1763880000000 implements MigrationInterface {
  name = 'WebhookHealth1763880000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(webhookHealth);
    await runner.query(recoveries);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE webhook_health;
      DROP INDEX webhook_event_exhausted;
      UPDATE webhook_event SET attempt_cause = 'countdown' WHERE attempt_cause = 'recovery';
      ALTER TABLE webhook_event DROP COLUMN recoveries,
        DROP CONSTRAINT webhook_event_attempt_cause_check,
        ADD CONSTRAINT webhook_event_attempt_cause_check CHECK (attempt_cause IN ('countdown', 'resend'))`);
  }
}

/* Apart from the webhook: a change of that is told to every cache, and its health is nobody's setting. */
const webhookHealth = `
  CREATE TABLE webhook_health (
    webhook_id          int PRIMARY KEY,
    failing_since       timestamptz,          -- null: its last attempt delivered
    last_failed         timestamptz,          -- to the minute; null: failing_since begins anew with the next failure
    exhausted_in_a_row  int NOT NULL DEFAULT 0,
    delivered_again     timestamptz,          -- when the last outage ended
    recovery_due        timestamptz           -- when more of its exhausted events are queued; null: there are none
  );
  CREATE INDEX webhook_health_recovery ON webhook_health (recovery_due) WHERE recovery_due IS NOT NULL`;

/*
 * NOT VALID: the rule becomes wider, so there is nothing to check and tables need not be read under a lock.
 * The index answers "exhausted when?" without reading rows.
 */
const recoveries = `
  ALTER TABLE webhook_event
    ADD COLUMN recoveries smallint NOT NULL DEFAULT 0,
    DROP CONSTRAINT webhook_event_attempt_cause_check,
    ADD CONSTRAINT webhook_event_attempt_cause_check
      CHECK (attempt_cause IN ('countdown', 'resend', 'recovery')) NOT VALID;
  CREATE INDEX webhook_event_exhausted ON webhook_event (webhook_id, id, modified_date, recoveries)
    WHERE state = 'exhausted'`;
