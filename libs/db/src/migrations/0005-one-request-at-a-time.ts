import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A resend waits for the attempt in flight; a webhook that is deactivated takes its unfinished events with it. */
export class OneRequestAtATime1763950000000 implements MigrationInterface {
  name = 'OneRequestAtATime1763950000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhook_event ADD COLUMN resend_wanted boolean NOT NULL DEFAULT false -- while in flight
    `);
    await runner.query(cancelling);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER webhook_deactivated ON webhook;
      DROP FUNCTION cancel_events_of_webhook();
      ALTER TABLE webhook_event DROP COLUMN resend_wanted`);
  }
}

/*
 * By trigger, so that it holds for whoever deactivates it, and in the same transaction: an event must not come back to
 * life when the webhook is activated again a moment later. What is in flight is recorded first.
 */
const cancelling = `
  CREATE FUNCTION cancel_events_of_webhook() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    UPDATE webhook_event
       SET state = 'cancelled', next_attempt_at = NULL, in_flight = false, resend_wanted = false, modified_date = now(),
           last_error = COALESCE(NEW.disabled_reason, 'The webhook is not active.')
     WHERE webhook_id = NEW.id AND next_attempt_at IS NOT NULL AND NOT (in_flight AND next_attempt_at > now());
    RETURN NULL;
  END $$;
  CREATE TRIGGER webhook_deactivated AFTER UPDATE OF is_active ON webhook
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active)
    EXECUTE FUNCTION cancel_events_of_webhook()`;
