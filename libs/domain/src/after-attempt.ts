import { countdownSeconds, type CountdownConfig } from './countdown.ts';
import { addSeconds, type Instant } from './instant.ts';
import { isDelivered, type Outcome } from './outcome.ts';

/** How often an event is attempted before it is exhausted. */
export interface AttemptLimits {
  /** Attempts by the webhook's countdown, the first included. */
  maxAttempts: number;
  /** Attempts after those, one an hour. */
  recoveryAttempts: number;
}

export type NextStep =
  | { state: 'delivered' }
  | { state: 'retrying'; nextAttemptAt: Instant }
  | { state: 'exhausted' }
  | { state: 'cancelled'; disableWebhook: string };

const HOUR_SECONDS = 3600;
/** Statuses whose Retry-After is honoured. */
const THROTTLED = new Set([429, 503]);

/**
 * What happens to an event after an attempt (dj-whisperer's schedule with its hourly scan):
 *
 *     attempt 1 … maxAttempts       wait countdown(n), n = attempts − 1
 *     then recoveryAttempts more    wait one hour each
 *     then                          exhausted
 *
 * 410 disables the webhook. Retry-After on 429 and 503 can lengthen a wait, up to an hour.
 * @param attempts attempts made, this one included
 * @param random a number in [0, 1)
 */
export function afterAttempt(
  outcome: Outcome,
  attempts: number,
  countdown: CountdownConfig,
  limits: AttemptLimits,
  now: Instant,
  random: number,
): NextStep {
  if (isDelivered(outcome)) return { state: 'delivered' };
  if (outcome.kind === 'answered' && outcome.status === 410) {
    return { state: 'cancelled', disableWebhook: 'The target answered 410 Gone.' };
  }
  if (attempts >= limits.maxAttempts + limits.recoveryAttempts) return { state: 'exhausted' };
  const wait =
    attempts < limits.maxAttempts ? countdownSeconds(countdown, attempts - 1, random) : HOUR_SECONDS;
  return {
    state: 'retrying',
    nextAttemptAt: addSeconds(now, Math.max(wait, retryAfterSeconds(outcome, now))),
  };
}

/** Seconds that a 429 or 503 asks to wait (a number or an HTTP date), 0 where it asks nothing, at most an hour. */
export function retryAfterSeconds(outcome: Outcome, now: Instant): number {
  if (outcome.kind !== 'answered' || !THROTTLED.has(outcome.status)) return 0;
  const value = outcome.headers['retry-after']?.trim();
  if (!value) return 0;
  const seconds = /^\d+$/.test(value) ? Number(value) : httpDate(value) / 1000 - now / 1e6;
  return Number.isNaN(seconds) ? 0 : Math.min(Math.max(seconds, 0), HOUR_SECONDS);
}

/** Milliseconds since the epoch, or NaN. An HTTP date is always GMT; its oldest form (asctime) does not say so. */
function httpDate(text: string): number {
  return Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`);
}
