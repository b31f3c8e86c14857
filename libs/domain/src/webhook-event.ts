import type { Instant } from './instant.ts';

/**
 * pending: not yet attempted. retrying: attempted or resent, another attempt is due. delivered: answered 200–299.
 * exhausted: no attempt is left. cancelled: its webhook was deactivated or deleted.
 */
export const EVENT_STATES = ['pending', 'retrying', 'delivered', 'exhausted', 'cancelled'] as const;
export type EventState = (typeof EVENT_STATES)[number];

/** What made an attempt happen: publishing and the countdown, somebody's resend, or that an outage ended. */
export type AttemptCause = 'countdown' | 'resend' | 'recovery';

/**
 * A webhook event on its way to an attempt: what the dispatcher needs to send it and to record the outcome.
 * `lease` is the row's next_attempt_at; whoever holds it unexpired owns the event.
 */
export interface DispatchedEvent {
  id: number;
  createdDate: Instant;
  uuid: string;
  webhookId: number;
  eventType: string;
  /** Null: the event is about no instance of a content type, but came as a message. */
  contentType: number | null;
  objectId: string;
  /** JSON source text; null until the resource was looked up. */
  payload: string | null;
  /** Where at the OMS API its resource is; null: at the path of its content type. */
  lookupPath: string | null;
  /** Attempts made so far. */
  attempts: number;
  cause: AttemptCause;
  lease: Instant;
  traceparent: string | null;
  /** Its webhook wants the events of one object strictly one after the other. */
  ordered: boolean;
  /** Attempts that it has in all, where that is fewer than its webhook gives. */
  attemptLimit?: number;
}

/** `8812` for a whole number that JSON carries exactly; any other object id stays text. */
export function objectIdJson(objectId: string): string {
  return /^(0|-?[1-9]\d{0,15})$/.test(objectId) && Number.isSafeInteger(Number(objectId))
    ? objectId
    : JSON.stringify(objectId);
}
