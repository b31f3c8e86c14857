import type { CountdownConfig } from '@oms-webhooks/domain/countdown';
import { call, callForText } from './call.ts';
import type { Attempt } from './events.ts';
import type { PageOf } from './pages.ts';

export interface WebhookAuth {
  auth_type: string;
  [field: string]: unknown;
}

export interface WebhookConfig {
  auth?: WebhookAuth | null;
  ordered?: boolean;
  rate_limit?: number;
  max_attempts?: number;
  recovery_attempts?: number;
  [setting: string]: unknown;
}

/** What is said of a webhook when it is made or changed. */
export interface WebhookBody {
  target_url: string;
  event_type: string;
  is_active: boolean;
  secret_key: string | null;
  callback: string | null;
  retry_countdown_config: CountdownConfig;
  additional_headers: Record<string, string>;
  config: WebhookConfig;
}

export interface Webhook extends WebhookBody {
  id: number;
  created_date: string;
  modified_date: string;
}

/** Attempts of a window of time. */
export interface WindowFigures {
  attempts: number;
  delivered: number;
  success_share: number | null;
  attempts_per_minute: number;
  duration_ms: { p50: number; p95: number; p99: number } | null;
  sampled: boolean;
}

export interface WebhookStats {
  webhook: number;
  is_active: boolean;
  disabled_reason: string | null;
  last_hour: WindowFigures;
  last_24_hours: WindowFigures;
  backlog: { events: number; at_least: boolean; oldest_due: string | null; oldest_due_seconds: number };
  last_delivered: string | null;
  last_failed: string | null;
  failing_since: string | null;
}

/** A webhook that somebody should look at: it fails, or it was disabled for a reason. */
export interface WebhookInTrouble {
  webhook: number;
  target_url: string;
  event_type: string;
  is_active: boolean;
  disabled_reason: string | null;
  failing_since: string | null;
  last_attempt: string | null;
  response_http_status: number | null;
  error_kind: string | null;
  last_error: string | null;
}

/** The attempt of a test delivery. */
export type TestDelivery = Attempt & { uuid: string; state: string };

const HOOKS = '/whisperer/hooks/';

export const listWebhooks = (query: URLSearchParams) => call<PageOf<Webhook>>('GET', HOOKS, { query });
export const listWebhooksInTrouble = () =>
  call<PageOf<WebhookInTrouble>>('GET', `${HOOKS}failing/`, {
    query: new URLSearchParams({ page_size: '100' }),
  });
export const listEventTypeNames = () => call<string[]>('GET', `${HOOKS}registry/`);
export const findWebhook = (id: string) => call<Webhook>('GET', pathOf(id));
export const findWebhookStats = (id: string) => call<WebhookStats>('GET', `${pathOf(id)}stats/`);
export const createWebhook = (json: WebhookBody) => call<Webhook>('POST', HOOKS, { json });
export const changeWebhook = (id: string, json: Partial<WebhookBody>) =>
  call<Webhook>('PATCH', pathOf(id), { json });
export const deleteWebhook = (id: string) => callForText('DELETE', pathOf(id));
export const testWebhook = (id: string) => call<TestDelivery>('POST', `${pathOf(id)}test/`);

const pathOf = (id: string) => `${HOOKS}${encodeURIComponent(id)}/`;
