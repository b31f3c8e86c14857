import { call } from './call.ts';

/** The attempts of a stretch of time. */
interface HistoryBucket {
  from: string;
  attempts: number;
  delivered: number;
  duration_ms: { p50: number; p95: number };
}

export interface WebhookHistory {
  hours: number;
  bucket_minutes: number;
  buckets: HistoryBucket[];
}

export const findWebhookHistory = (id: string, hours: number) =>
  call<WebhookHistory>('GET', `/whisperer/hooks/${encodeURIComponent(id)}/history/`, {
    query: new URLSearchParams({ hours: String(hours) }),
  });
