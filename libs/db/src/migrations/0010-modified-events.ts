import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What has changed since: for those who follow events as they change. */
export class ModifiedEvents1764310000000 implements MigrationInterface {
  name = 'ModifiedEvents1764310000000';

  /* Its newest entries are always the last ones, so that it costs inserts and records least of all indexes. */
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE INDEX webhook_event_modified ON webhook_event (modified_date)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX webhook_event_modified');
  }
}
