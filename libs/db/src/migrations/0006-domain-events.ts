import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Event types with schemas, idempotency of what fans out to many webhooks or to none, order without content types. */
export class DomainEvents1764000000000 implements MigrationInterface {
  name = 'DomainEvents1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(eventTypes);
    await runner.query(idempotency);
    await runner.query(orderOf('COALESCE(content_type, -1)'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(orderOf('content_type'));
    await runner.query(`
      DELETE FROM idempotency_key WHERE event_uuid IS NULL;
      ALTER TABLE idempotency_key ALTER COLUMN event_uuid SET NOT NULL, DROP COLUMN answer;
      DROP TABLE event_type_schema, event_type`);
  }
}

/* Versions are added and never changed: an event was valid by the newest version of its time. */
const eventTypes = `
  CREATE TABLE event_type (
    id            int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name          varchar(124) NOT NULL UNIQUE,
    description   text NOT NULL,
    created_date  timestamptz NOT NULL DEFAULT now(),
    modified_date timestamptz NOT NULL DEFAULT now()
  );
  CREATE TABLE event_type_schema (
    event_type_id int NOT NULL REFERENCES event_type ON DELETE CASCADE,
    version       int NOT NULL CHECK (version > 0),
    schema        json,                    -- JSON Schema of the payload; null: any payload
    example       json,
    created_date  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (event_type_id, version)
  );
  CREATE TRIGGER event_type_changed AFTER INSERT OR UPDATE OR DELETE ON event_type
    FOR EACH ROW EXECUTE FUNCTION notify_changed()`;

/* What was answered to a key whose event went to other than one webhook: JSON text. */
const idempotency = `
  ALTER TABLE idempotency_key ALTER COLUMN event_uuid DROP NOT NULL, ADD COLUMN answer text`;

/* COALESCE, so that events without a content type (0007) have an order, too: an index does not find nulls by equality. */
const orderOf = (contentType: string) => `
  DROP INDEX webhook_event_order;
  CREATE INDEX webhook_event_order ON webhook_event (webhook_id, object_id, (${contentType}), id)
    WHERE ordered AND state NOT IN ('delivered', 'cancelled')`;
