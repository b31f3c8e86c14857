import type { Pool } from 'pg';
import type { JsonObject } from '@oms-webhooks/domain';

/** An event type as the database has it. */
export interface StoredEventType {
  /** Null for the events of publisher apps. */
  id: number | null;
  name: string;
  description: string;
  version: number | null;
  schema: JsonObject | null;
  example: unknown;
}

/**
 * All of them with their newest version, for the process to keep in memory; the published events by their names, which
 * are the event types of their subscriptions; those of tenants are known to their subscribers alone. Plan: reads both tables, some hundred rows.
 */
const statement = `
  SELECT t.id, t.name, t.description, v.version, v.schema, v.example
    FROM event_type t
    LEFT JOIN LATERAL (
      SELECT * FROM event_type_schema WHERE event_type_id = t.id ORDER BY version DESC LIMIT 1
    ) AS v ON true
  UNION ALL
  (SELECT DISTINCT ON (e.name) NULL, e.name, e.description, NULL, NULL, NULL
     FROM published_event e JOIN publisher_app a ON a.id = e.app_id
    WHERE a.tenant = '' ORDER BY e.name, e.id)`;

export async function readEventTypes(pool: Pool): Promise<StoredEventType[]> {
  return (await pool.query<StoredEventType>(statement)).rows;
}
