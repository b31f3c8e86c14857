import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What lists of events are narrowed by, newest first: without these a rare value is looked for in every row. */
export class ListIndexes1764320000000 implements MigrationInterface {
  name = 'ListIndexes1764320000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE INDEX webhook_event_of_object ON webhook_event (object_id, id);
      CREATE INDEX webhook_event_of_type ON webhook_event (event_type, id);
      CREATE INDEX webhook_event_of_content_type ON webhook_event (content_type, id);
      CREATE INDEX webhook_event_of_status ON webhook_event (response_http_status, id) WHERE state <> 'delivered';
      CREATE INDEX webhook_event_of_state ON webhook_event (state, id) WHERE state <> 'delivered'`);
    // With what the list of undelivered events asks, so that the index alone answers it.
    await runner.query(`
      DROP INDEX webhook_event_undelivered;
      CREATE INDEX webhook_event_undelivered ON webhook_event (id) INCLUDE (attempts, created_date)
       WHERE state <> 'delivered'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX webhook_event_of_object, webhook_event_of_type, webhook_event_of_content_type, webhook_event_of_status,
                 webhook_event_of_state, webhook_event_undelivered;
      CREATE INDEX webhook_event_undelivered ON webhook_event (id) WHERE state <> 'delivered'`);
  }
}
