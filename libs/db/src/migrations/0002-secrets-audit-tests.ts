import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Encrypted secrets that rotate, the audit log, test events, figures of a webhook. */
export class SecretsAuditTests1763800000000 implements MigrationInterface {
  name = 'SecretsAuditTests1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(secrets);
    await runner.query(auditLog);
    await runner.query(disabling);
    await runner.query(attempts);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER webhook_disabled ON webhook;
      DROP FUNCTION audit_disabled();
      DROP TABLE audit_entry;
      ALTER TABLE webhook_event DROP COLUMN attempt_limit;
      DROP INDEX delivery_attempt_of_webhook;
      ALTER TABLE delivery_attempt DROP COLUMN webhook_id;
      ALTER TABLE webhook DROP COLUMN previous_secret_key, DROP COLUMN previous_secret_until`);
  }
}

/* A secret of 124 characters is longer when encrypted. From varchar to text no row is rewritten. */
const secrets = `
  ALTER TABLE webhook
    ALTER COLUMN secret_key TYPE text,
    ADD COLUMN previous_secret_key   text,
    ADD COLUMN previous_secret_until timestamptz`;

const auditLog = `
  CREATE TABLE audit_entry (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    created_date timestamptz NOT NULL DEFAULT now(),
    account      text NOT NULL,        -- who; cli, bootstrap or system where no token did it
    account_id   int,
    token_id     int,
    action       text NOT NULL,
    object_type  text NOT NULL,
    object_id    text NOT NULL,
    owner_id     int NOT NULL,         -- the account that the object belongs to
    changes      json NOT NULL         -- {field: [before, after]}, secrets masked
  );
  CREATE INDEX audit_entry_of_account ON audit_entry (account_id, id);
  CREATE INDEX audit_entry_of_owner ON audit_entry (owner_id, id);
  CREATE INDEX audit_entry_of_object ON audit_entry (object_type, object_id, id)`;

/* By trigger, so that whoever disables a webhook, and in whatever statement, the entry is in the same transaction. */
const disabling = `
  CREATE FUNCTION audit_disabled() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO audit_entry (account, action, object_type, object_id, owner_id, changes)
    VALUES ('system', 'disable', 'webhook', NEW.id, NEW.account_id,
            json_build_object('is_active', json_build_array(true, false),
                              'disabled_reason', json_build_array(OLD.disabled_reason, NEW.disabled_reason)));
    RETURN NULL;
  END $$;
  CREATE TRIGGER webhook_disabled AFTER UPDATE OF is_active ON webhook
    FOR EACH ROW WHEN (OLD.is_active AND NOT NEW.is_active AND NEW.disabled_reason IS NOT NULL)
    EXECUTE FUNCTION audit_disabled()`;

/*
 * Attempts recorded by an older version lack the webhook, and are missing from its figures for a day at most. The index
 * is released together with its table, so it is made while that is empty; on a large one it would block recording.
 */
const attempts = `
  ALTER TABLE webhook_event ADD COLUMN attempt_limit int; -- fewer attempts than the webhook has; null: as many
  ALTER TABLE delivery_attempt ADD COLUMN webhook_id int;
  CREATE INDEX delivery_attempt_of_webhook ON delivery_attempt (webhook_id, requested_at)
    WHERE webhook_id IS NOT NULL`;
