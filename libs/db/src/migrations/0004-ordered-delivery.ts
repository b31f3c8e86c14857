import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Events of ordered webhooks are marked when published; all others pay two booleans and no index. */
export class OrderedDelivery1763900000000 implements MigrationInterface {
  name = 'OrderedDelivery1763900000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE webhook_event
        ADD COLUMN ordered   boolean NOT NULL DEFAULT false,
        ADD COLUMN in_flight boolean NOT NULL DEFAULT false; -- kept for ordered events only
      CREATE INDEX webhook_event_order ON webhook_event (webhook_id, object_id, content_type, id)
        WHERE ordered AND state NOT IN ('delivered', 'cancelled')`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX webhook_event_order;
      ALTER TABLE webhook_event DROP COLUMN ordered, DROP COLUMN in_flight`);
  }
}
