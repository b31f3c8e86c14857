import { SESSION } from '@oms-webhooks/db';
import type { CountdownConfig, WebhookConfig } from '@oms-webhooks/domain';
import pg from 'pg';

/** A webhook as dj-whisperer 0.2 keeps it; instants as PostgreSQL's text, microseconds included. */
export interface SourceWebhook {
  id: number;
  username: string;
  target_url: string;
  is_active: boolean;
  secret_key: string | null;
  event_type: string;
  callback: string | null;
  retry_countdown_config: CountdownConfig;
  additional_headers: Record<string, string> | null;
  config: WebhookConfig | null;
}

export interface SourceEvent {
  id: number;
  uuid: string;
  webhook_id: number;
  event_type: string | null;
  /** JSON text. */
  payload: string;
  response_content: string;
  response_http_status: number;
  delivered: boolean;
  /** An array's text. */
  request_datetimes: string;
  attempts: number;
  content_type: number | null;
  object_id: string | null;
  created_date: string;
  modified_date: string;
}

export interface SourceOptions {
  url: string;
  /** Django's user model may be another one. */
  usersTable: string;
  userNameColumn: string;
  /** Older events are left behind. */
  days: number;
}

const EVENTS_A_BATCH = 500;

/**
 * The tables of dj-whisperer, read in one transaction, so that what is written there meanwhile does not show, and never
 * written to. `close` ends it.
 */
export async function openWhispererSource(options: SourceOptions) {
  const { url, usersTable, userNameColumn, days } = options;
  const client = new pg.Client({
    connectionString: url,
    application_name: 'oms-webhooks import',
    options: SESSION,
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  const since = `created_date >= now() - make_interval(days => ${days})`;

  return {
    async webhooks(): Promise<SourceWebhook[]> {
      const { rows } = await client.query<SourceWebhook>(`
        SELECT w.id::int, u.${pg.escapeIdentifier(userNameColumn)}::text AS username, w.target_url, w.is_active, w.secret_key,
               w.event_type, w.callback, w.retry_countdown_config, w.additional_headers, w.config
          FROM whisperer_webhook w JOIN ${pg.escapeIdentifier(usersTable)} u ON u.id = w.user_id
         ORDER BY w.id`);
      return rows;
    },

    /** How many there are, and when the oldest was created. */
    async eventFigures(): Promise<{ count: number; older: number; oldest: string | null }> {
      const { rows } = await client.query<{ count: number; older: number; oldest: string | null }>(
        `SELECT count(*) FILTER (WHERE ${since})::int AS count, count(*) FILTER (WHERE NOT ${since})::int AS older,
                min(created_date) FILTER (WHERE ${since})::text AS oldest FROM whisperer_webhookevent`,
      );
      return rows[0] ?? { count: 0, older: 0, oldest: null };
    },

    /** In the order of their ids, batch by batch. */
    async *events(): AsyncGenerator<SourceEvent[]> {
      for (let last = 0; ;) {
        const { rows } = await client.query<SourceEvent>(
          `SELECT id::int, uuid, webhook_id::int, request_payload #>> '{event,type}' AS event_type,
                  COALESCE(request_payload -> 'payload', request_payload)::text AS payload,
                  response_content, response_http_status, delivered, request_datetimes::text,
                  COALESCE(retry_count, cardinality(request_datetimes))::int AS attempts,
                  content_type_id::int AS content_type, object_id::text, created_date::text, modified_date::text
             FROM whisperer_webhookevent WHERE id > $1 AND ${since} ORDER BY id LIMIT ${EVENTS_A_BATCH}`,
          [last],
        );
        if (rows.length === 0) return;
        yield rows;
        last = rows.at(-1)?.id ?? last;
      }
    },

    close: () => client.end(),
  };
}

export type WhispererSource = Awaited<ReturnType<typeof openWhispererSource>>;
