import type { WebhookRow } from '@oms-webhooks/db';

/** How long a replaced key signs beside the new one. */
const OVERLAP_HOURS = 24;

type PreviousSecret = {
  previousSecretKey?: WebhookRow['previousSecretKey'];
  previousSecretUntil?: null | (() => string);
};

/**
 * What a new `secret_key` does to the one before: one that is replaced goes on signing for a while, one that is taken away
 * ends at once, the one before it too.
 */
export function rotation(current: string | null, next: string | null | undefined): PreviousSecret {
  if (next === undefined || next === current) return {};
  if (!next || !current) return { previousSecretKey: null, previousSecretUntil: null };
  return {
    previousSecretKey: current,
    previousSecretUntil: () => `now() + interval '${OVERLAP_HOURS} hours'`,
  };
}
