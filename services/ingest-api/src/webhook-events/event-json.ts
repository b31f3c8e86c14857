import type { DeliveryAttemptRow, WebhookEventRow, WebhookRow } from '@oms-webhooks/db';
import {
  eventBody,
  formatInstant,
  formatResponseContent,
  objectIdJson,
  type Instant,
  type ResponseContentFormat,
} from '@oms-webhooks/domain';

const instant = (value: Instant | null): string => (value === null ? 'null' : `"${formatInstant(value)}"`);
const json = (value: unknown): string => JSON.stringify(value);

/** A webhook as the documents show it inside an event: the keys in their order. */
export function webhookJson(webhook: WebhookRow): string {
  return `{"id":${webhook.id},"retry_countdown_config":${json(webhook.retryCountdownConfig)},"created_date":${instant(
    webhook.createdDate,
  )},"modified_date":${instant(webhook.modifiedDate)},"target_url":${json(webhook.targetUrl)},"is_active":${
    webhook.isActive
  },"secret_key":${json(webhook.secretKey)},"event_type":${json(webhook.eventType)},"callback":${json(
    webhook.callback,
  )},"additional_headers":${json(webhook.additionalHeaders)},"config":${json(webhook.config)}}`;
}

/**
 * A webhook event as JSON text: the keys of the documents in their order, then ours. Written by hand because the
 * payload is source text that parsing would change. Before the look-up of its resource an event has no payload: `{}`.
 */
export function eventJson(event: WebhookEventRow, format: ResponseContentFormat): string {
  const payload = eventBody(event.eventType, event.uuid, event.payload ?? '{}');
  return [
    `{"id":${event.id}`,
    `"webhook":${webhookJson(event.webhook)}`,
    `"created_date":${instant(event.createdDate)}`,
    `"modified_date":${instant(event.modifiedDate)}`,
    `"uuid":"${event.uuid}"`,
    `"request_payload":${payload}`,
    `"response_content":${json(responseContent(event, format))}`,
    `"response_http_status":${event.responseHttpStatus}`,
    `"delivered":${event.state === 'delivered'}`,
    `"request_datetimes":[${event.requestDatetimes.map(instant).join(',')}]`,
    `"retry_count":${event.attempts === 0 ? null : event.attempts}`,
    `"object_id":${objectIdJson(event.objectId)}`,
    `"content_type":${event.contentType}`,
    `"state":"${event.state}"`,
    // While an event is in flight this is its lease, which is nobody else's concern.
    `"next_attempt_at":${event.inFlight ? 'null' : instant(event.nextAttemptAt)}`,
    `"last_error":${json(event.lastError)}}`,
  ].join(',');
}

/** The answer's bytes; for a network error its text, which never is wrapped as bytes. */
function responseContent(event: WebhookEventRow, format: ResponseContentFormat): string {
  if (event.responseContent !== null) return formatResponseContent(event.responseContent, format);
  return event.attempts === 0 ? '' : (event.lastError ?? '');
}

/** One row of an event's attempts. */
export function attemptJson(attempt: DeliveryAttemptRow, format: ResponseContentFormat): string {
  const content =
    attempt.responseContent === null
      ? (attempt.error ?? '')
      : formatResponseContent(attempt.responseContent, format);
  return json({
    number: attempt.number,
    request_datetime: formatInstant(attempt.requestedAt),
    response_datetime: formatInstant(attempt.requestedAt + attempt.durationMs * 1000),
    duration_ms: attempt.durationMs,
    response_http_status: attempt.responseHttpStatus,
    error_kind: attempt.errorKind,
    response_headers: attempt.responseHeaders,
    response_content: content,
    cause: attempt.cause,
  });
}
