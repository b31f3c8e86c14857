import type { Pool } from 'pg';
import type { ImportedWebhook } from './import-webhooks.ts';
import { parsePythonBytes } from './python-bytes.ts';
import type { SourceEvent } from './whisperer-source.ts';

/**
 * Inserts events with what has happened to them; those that are here, by their uuid, stay as they are. Old ones go where
 * their week is, so its partition must be there. Plan: webhook_event_uuid of each partition.
 */
const statement = `
  INSERT INTO webhook_event
    (uuid, webhook_id, event_type, content_type, object_id, payload, state, next_attempt_at, attempts, request_datetimes,
     response_http_status, response_content, last_error, created_date, modified_date)
  SELECT uuid, webhook_id, event_type, content_type, object_id, payload, state,
         CASE WHEN state IN ('pending', 'retrying') THEN now() END, attempts, request_datetimes::timestamptz[],
         status, content, error, created_date, modified_date
    FROM unnest($1::uuid[], $2::int[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::int[], $9::text[],
                $10::int[], $11::bytea[], $12::text[], $13::timestamptz[], $14::timestamptz[])
      AS t (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts, request_datetimes,
            status, content, error, created_date, modified_date)
   WHERE NOT EXISTS (SELECT FROM webhook_event e WHERE e.uuid = t.uuid)`;

export interface ImportEventsOptions {
  webhooks: ReadonlyMap<number, ImportedWebhook>;
  /** Whether what is not delivered is attempted from here, at once; else it is kept as exhausted. */
  takeOver: boolean;
}

/** @returns how many were not here */
export async function importEvents(
  pool: Pool,
  sources: SourceEvent[],
  { webhooks, takeOver }: ImportEventsOptions,
): Promise<number> {
  const events = sources.flatMap((event) => {
    const webhook = webhooks.get(event.webhook_id);
    return webhook ? [{ ...event, webhook, ...answerOf(event) }] : [];
  });
  const { rowCount } = await pool.query(statement, [
    events.map(({ uuid }) => uuid),
    events.map(({ webhook }) => webhook.id),
    events.map(({ event_type, webhook }) => event_type ?? webhook.eventType),
    events.map(({ content_type }) => content_type),
    events.map(({ object_id }) => object_id ?? ''),
    events.map(({ payload }) => payload),
    events.map((event) => stateOf(event, takeOver && event.webhook.isActive)),
    events.map(({ attempts }) => attempts),
    events.map(({ request_datetimes }) => request_datetimes.replaceAll('NULL,', '').replace(/,?NULL}/, '}')),
    events.map(({ response_http_status, attempts }) => (attempts === 0 ? null : response_http_status)),
    events.map(({ content }) => content),
    events.map(({ error }) => error),
    events.map(({ created_date }) => created_date),
    events.map(({ modified_date }) => modified_date),
  ]);
  return rowCount ?? 0;
}

function stateOf({ delivered, attempts }: SourceEvent, takeOver: boolean): string {
  if (delivered) return 'delivered';
  if (!takeOver) return 'exhausted';
  return attempts === 0 ? 'pending' : 'retrying';
}

/** An answer was kept as Python writes bytes, a network error as its text. */
function answerOf({ response_content: text, response_http_status: status, delivered }: SourceEvent): {
  content: Buffer | null;
  error: string | null;
} {
  const bytes = parsePythonBytes(text);
  if (bytes) return { content: bytes, error: delivered ? null : `The target answered ${status}.` };
  return delivered ? { content: Buffer.from(text), error: null } : { content: null, error: text };
}
