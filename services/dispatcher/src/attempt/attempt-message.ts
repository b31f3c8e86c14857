import {
  failureText,
  formatInstant,
  objectIdJson,
  recordedStatus,
  type DispatchedEvent,
  type NextStep,
  type Outcome,
} from '@oms-webhooks/domain';

/** The text of an error may quote what a target sent. */
const LONGEST_ERROR = 1000;

/**
 * A recorded attempt as it is published on `oms.webhook-attempts`, in the words of the API. Never a payload, a header or
 * an answer's content: who may read the topic need not be who owns the webhook.
 * @param next undefined when the lease was lost, so that the attempt has changed no state
 */
export function attemptMessage(event: DispatchedEvent, outcome: Outcome, next: NextStep | undefined): string {
  const error = failureText(outcome);
  return [
    `{"event":"${event.uuid}"`,
    `"webhook":${event.webhookId}`,
    `"event_type":${JSON.stringify(event.eventType)}`,
    `"object_id":${objectIdJson(event.objectId)}`,
    `"content_type":${event.contentType}`,
    `"number":${event.attempts + 1}`,
    `"cause":"${event.cause}"`,
    `"request_datetime":"${formatInstant(outcome.startedAt)}"`,
    `"duration_ms":${Math.round(outcome.durationMs)}`,
    `"response_http_status":${recordedStatus(outcome)}`,
    `"error_kind":${outcome.kind === 'failed' ? `"${outcome.failure}"` : 'null'}`,
    `"error":${error === null ? 'null' : JSON.stringify(error.slice(0, LONGEST_ERROR))}`,
    `"state":${next ? `"${next.state}"` : 'null'}`,
    `"next_attempt_at":${next?.state === 'retrying' ? `"${formatInstant(next.nextAttemptAt)}"` : 'null'}}`,
  ].join(',');
}
