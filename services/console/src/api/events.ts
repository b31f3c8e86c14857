import { call, callForText } from './call.ts';
import type { PageOf } from './pages.ts';
import { rawMember } from './raw-member.ts';
import type { Webhook } from './webhooks.ts';

export const EVENT_STATES = ['pending', 'retrying', 'delivered', 'exhausted', 'cancelled'] as const;
type EventState = (typeof EVENT_STATES)[number];

export interface WebhookEvent {
  id: number;
  webhook: Webhook;
  created_date: string;
  modified_date: string;
  uuid: string;
  request_payload: { event: { type: string; uuid: string }; payload: unknown };
  response_content: string;
  response_http_status: number | null;
  delivered: boolean;
  request_datetimes: string[];
  retry_count: number | null;
  object_id: number | string;
  content_type: number | null;
  state: EventState;
  next_attempt_at: string | null;
  last_error: string | null;
}

export interface Attempt {
  number: number;
  request_datetime: string;
  response_datetime: string;
  duration_ms: number;
  response_http_status: number | null;
  error_kind: string | null;
  response_headers: Record<string, string | string[]> | null;
  response_content: string;
  cause: 'countdown' | 'resend' | 'recovery';
}

const EVENTS = '/api/v1/oms/oms_hook_events/';
const UNDELIVERED = '/api/v1/oms/settings/undelivered_webhooks/';

export const listEvents = (query: URLSearchParams, signal?: AbortSignal) =>
  call<PageOf<WebhookEvent>>('GET', EVENTS, { query, ...(signal && { signal }) });

export const listUndelivered = (query: URLSearchParams, signal?: AbortSignal) =>
  call<PageOf<WebhookEvent>>('GET', UNDELIVERED, { query, ...(signal && { signal }) });

/** An event, and its body byte for byte: parsing would change large numbers and repeated keys. */
export async function findEvent(id: string): Promise<WebhookEvent & { body: string }> {
  const text = await callForText('GET', `${EVENTS}${encodeURIComponent(id)}/`);
  return { ...(JSON.parse(text) as WebhookEvent), body: rawMember(text, 'request_payload') ?? '' };
}

export const listAttempts = (id: string) =>
  call<PageOf<Attempt>>('GET', `${EVENTS}${encodeURIComponent(id)}/attempts/`, {
    query: new URLSearchParams({ page_size: '100' }),
  });

export const resendEvent = (uuid: string) =>
  callForText('POST', `${EVENTS}resend-event/`, { json: { event: uuid } });
