import { openDatabase } from '@oms-webhooks/db';
import type { RecordedAttempt } from '../verdict/duplicates.ts';

/** What PostgreSQL says of a run; rejects while it is away. */
export interface DatabaseView {
  /** Uuids of events that are not delivered. */
  unfinished(): Promise<string[]>;
  attemptsOf(uuids: string[]): Promise<RecordedAttempt[]>;
  close(): Promise<void>;
}

export async function databaseView(url: string): Promise<DatabaseView> {
  const database = await openDatabase({ url, applicationName: 'chaos', poolSize: 1 });
  return {
    async unfinished() {
      const { rows } = await database.pool.query<{ uuid: string }>(
        `SELECT uuid FROM webhook_event WHERE state <> 'delivered'`,
      );
      return rows.map(({ uuid }) => uuid);
    },
    async attemptsOf(uuids) {
      const { rows } = await database.pool.query<RecordedAttempt>(
        `SELECT e.uuid, (extract(epoch FROM a.requested_at) * 1000)::float8 AS "requestedAt",
                a.duration_ms AS "durationMs", a.response_http_status AS status, a.error_kind AS "errorKind"
           FROM delivery_attempt a JOIN webhook_event e ON e.id = a.event_id
          WHERE e.uuid = ANY ($1::uuid[])
          ORDER BY a.requested_at`,
        [uuids],
      );
      return rows;
    },
    close: () => database.close(),
  };
}
