import type { Instant } from './instant.ts';

/** Why no answer was had. `lookup`: the resource was not had from the OMS API, nothing was sent to the target. */
export type FailureKind =
  'timeout' | 'connection' | 'dns' | 'tls' | 'blocked' | 'response' | 'auth' | 'lookup';

interface Timed {
  startedAt: Instant;
  durationMs: number;
}

/** What came of one attempt. A failure is a value; only our own faults are exceptions. */
export type Outcome =
  | (Timed & { kind: 'answered'; status: number; headers: Record<string, string>; content: Buffer })
  | (Timed & { kind: 'failed'; failure: FailureKind; error: string });

/** Delivered means 200–299, nothing else: redirects are not followed and count as failures. */
export function isDelivered(outcome: Outcome): boolean {
  return outcome.kind === 'answered' && outcome.status >= 200 && outcome.status <= 299;
}

/** The status that is recorded: a network error is recorded as 500 (dj-whisperer). */
export function recordedStatus(outcome: Outcome): number {
  return outcome.kind === 'answered' ? outcome.status : 500;
}

/** In words, why an attempt did not deliver; null when it did. */
export function failureText(outcome: Outcome): string | null {
  if (isDelivered(outcome)) return null;
  if (outcome.kind === 'failed') return outcome.error;
  if (outcome.status >= 300 && outcome.status <= 399) {
    return `The target answered ${outcome.status}; redirects are not followed.`;
  }
  return `The target answered ${outcome.status}.`;
}
