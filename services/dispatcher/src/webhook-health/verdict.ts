import { formatInstant, MICROS_PER_SECOND } from '@oms-webhooks/domain';
import type { FailingWebhook } from '@oms-webhooks/db';

/** Failing for this long without a delivery in between disables a webhook. */
const FAILING_DAYS = 5;
/** Exhausted events in a row that disable a webhook whose `config.max_exhausted` says nothing. */
const MAX_EXHAUSTED = 50;

/** Why a failing webhook is to be disabled, in words for its owner; undefined while it may go on. */
export function verdict(
  { failingSince, lastFailed, exhaustedInARow }: FailingWebhook,
  maxExhausted: number = MAX_EXHAUSTED,
): string | undefined {
  if (lastFailed - failingSince >= FAILING_DAYS * 24 * 3600 * MICROS_PER_SECOND) {
    return `It failed for ${FAILING_DAYS} days, since ${formatInstant(failingSince)}, without a delivery in between.`;
  }
  if (exhaustedInARow >= maxExhausted) {
    return `${exhaustedInARow} events in a row could not be delivered in all their attempts.`;
  }
  return undefined;
}
