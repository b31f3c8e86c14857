import { EntitySchema } from 'typeorm';
import type { AttemptCause, FailureKind, Instant } from '@oms-webhooks/domain';

/** One request sent, or tried. */
export interface DeliveryAttemptRow {
  eventId: number;
  number: number;
  requestedAt: Instant;
  durationMs: number;
  cause: AttemptCause;
  responseHttpStatus: number | null;
  errorKind: FailureKind | null;
  error: string | null;
  responseHeaders: Record<string, string> | null;
  responseContent: Buffer | null;
}

export const deliveryAttemptEntity = new EntitySchema<DeliveryAttemptRow>({
  name: 'delivery_attempt',
  columns: {
    eventId: { name: 'event_id', type: 'bigint', primary: true },
    number: { type: 'int', primary: true },
    requestedAt: { name: 'requested_at', type: 'timestamptz', primary: true },
    durationMs: { name: 'duration_ms', type: 'int' },
    cause: { type: 'text' },
    responseHttpStatus: { name: 'response_http_status', type: 'int', nullable: true },
    errorKind: { name: 'error_kind', type: 'text', nullable: true },
    error: { type: 'text', nullable: true },
    responseHeaders: { name: 'response_headers', type: 'json', nullable: true },
    responseContent: { name: 'response_content', type: 'bytea', nullable: true },
  },
});
