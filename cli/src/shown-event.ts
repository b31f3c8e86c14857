/** A webhook event as the API shows it. */
export interface ListedEvent {
  id: number;
  uuid: string;
  webhook: { id: number; target_url: string };
  request_payload: { event: { type: string } };
  response_http_status: number | null;
  retry_count: number | null;
  object_id: number | string;
  state: string;
  created_date: string;
  modified_date: string;
  next_attempt_at: string | null;
  last_error: string | null;
}

export interface Page<Row> {
  count: number;
  next: string | null;
  results: Row[];
}

export const EVENT_HEADINGS = [
  'ID',
  'CREATED',
  'TYPE',
  'OBJECT',
  'WEBHOOK',
  'STATE',
  'STATUS',
  'ATTEMPTS',
  'NEXT ATTEMPT',
  'ERROR',
];

export const eventRow = (event: ListedEvent) => [
  event.id,
  seconds(event.created_date),
  event.request_payload.event.type,
  event.object_id,
  event.webhook.id,
  event.state,
  event.response_http_status,
  event.retry_count ?? 0,
  seconds(event.next_attempt_at),
  event.last_error,
];

/** One line of a tail. */
export function eventLine(event: ListedEvent): string {
  const { modified_date, id, request_payload, object_id, webhook, state, response_http_status, retry_count } =
    event;
  const attempts =
    retry_count === null ? '' : `, attempt ${retry_count} → ${response_http_status ?? 'no answer'}`;
  return `${seconds(modified_date)}  ${id}  ${request_payload.event.type} ${object_id} to webhook ${webhook.id}: ${state}${attempts}`;
}

/** Without fractions. */
export const seconds = (instant: string | null): string | null => instant && instant.replace(/\.\d+Z$/, 'Z');
