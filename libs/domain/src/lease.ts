import type { Instant } from './instant.ts';

/** What a lane may queue and an attempt may prepare before the request itself begins, in seconds. */
const QUEUE_SECONDS = 20;
/** Recording must fit into the lease too, on a PostgreSQL that is busy: two were not enough in long chaos runs. */
const RECORD_SECONDS = 5;

/** How long an event is leased for an attempt: longer than the request may take plus what a lane may queue. */
export function leaseSeconds(deliveryTimeoutMs: number): number {
  return deliveryTimeoutMs / 1000 + QUEUE_SECONDS;
}

/** Whether a lease is still long enough to make a whole attempt and record it. */
export function leaseSuffices(lease: Instant, now: Instant, deliveryTimeoutMs: number): boolean {
  return lease - now >= deliveryTimeoutMs * 1000 + RECORD_SECONDS * 1_000_000;
}
