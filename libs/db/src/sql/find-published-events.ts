import type { Pool } from 'pg';
import type { RegistryTopic } from '../entities/published-event.ts';

/** A published event as the messages of its topic are tried on it. */
export interface TriedEvent {
  id: number;
  name: string;
  tenant: string;
  filterLogic: unknown;
  getApiPath: string | null;
}

/** Plan: published_event_of_messages, then the primary key of publisher_app. */
const statement = `
  SELECT e.id, e.name, a.tenant, e.filter_logic AS "filterLogic", e.get_api_path AS "getApiPath"
    FROM published_event e JOIN publisher_app a ON a.id = e.app_id
   WHERE e.topic = $1 AND e.event_type = $2
   ORDER BY e.id`;

/** What is registered, in every tenant, for the messages of an event type. */
export async function findPublishedEvents(
  pool: Pool,
  topic: RegistryTopic,
  eventType: string,
): Promise<TriedEvent[]> {
  return (await pool.query<TriedEvent>(statement, [topic, eventType])).rows;
}
