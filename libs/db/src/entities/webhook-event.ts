import { EntitySchema } from 'typeorm';
import type { AttemptCause, EventState, Instant } from '@oms-webhooks/domain';
import type { WebhookRow } from './webhook.ts';

/** One event for one webhook: its payload, its state, what happened. */
export interface WebhookEventRow {
  id: number;
  createdDate: Instant;
  modifiedDate: Instant;
  uuid: string;
  webhook: WebhookRow;
  webhookId: number;
  eventType: string;
  contentType: number | null;
  objectId: string;
  payload: string | null;
  lookupPath: string | null;
  state: EventState;
  /** Due when past; while in flight, the lease. Null when finished. */
  nextAttemptAt: Instant | null;
  inFlight: boolean;
  attempts: number;
  attemptCause: AttemptCause;
  requestDatetimes: Instant[];
  responseHttpStatus: number | null;
  responseContent: Buffer | null;
  lastError: string | null;
  traceparent: string | null;
}

export const webhookEventEntity = new EntitySchema<WebhookEventRow>({
  name: 'webhook_event',
  columns: {
    id: { type: 'bigint', primary: true },
    createdDate: { name: 'created_date', type: 'timestamptz', primary: true },
    modifiedDate: { name: 'modified_date', type: 'timestamptz' },
    uuid: { type: 'uuid' },
    webhookId: { name: 'webhook_id', type: 'int' },
    eventType: { name: 'event_type', type: 'text' },
    contentType: { name: 'content_type', type: 'int', nullable: true },
    objectId: { name: 'object_id', type: 'text' },
    payload: { type: 'text', nullable: true },
    lookupPath: { name: 'lookup_path', type: 'text', nullable: true },
    state: { type: 'text' },
    nextAttemptAt: { name: 'next_attempt_at', type: 'timestamptz', nullable: true },
    inFlight: { name: 'in_flight', type: 'boolean' },
    attempts: { type: 'int' },
    attemptCause: { name: 'attempt_cause', type: 'text' },
    requestDatetimes: { name: 'request_datetimes', type: 'timestamptz', array: true },
    responseHttpStatus: { name: 'response_http_status', type: 'int', nullable: true },
    responseContent: { name: 'response_content', type: 'bytea', nullable: true },
    lastError: { name: 'last_error', type: 'text', nullable: true },
    traceparent: { type: 'text', nullable: true },
  },
  relations: {
    webhook: {
      type: 'many-to-one',
      target: 'webhook',
      joinColumn: { name: 'webhook_id' },
      createForeignKeyConstraints: false,
    },
  },
});
