import type { Acknowledged } from '../load/ledger.ts';
import type { Fault } from '../machine/inflict.ts';
import { spread, type Spread } from './figures.ts';

/** An event for a healthy receiver, and when it first arrived (ms since the epoch). */
export interface Delivered extends Acknowledged {
  arrivedAt: number;
}

/** A fault and how long it took, from its beginning, until everything acknowledged before it had arrived. */
export interface Recovery extends Fault {
  recoveryMs: number;
}

/** @param delivered events for healthy receivers */
export function recoveries(faults: Fault[], delivered: Delivered[]): Recovery[] {
  return faults.map((fault) => ({
    ...fault,
    recoveryMs: delivered
      .filter(({ acknowledgedAt }) => acknowledgedAt <= fault.at)
      .reduce((longest, { arrivedAt }) => Math.max(longest, arrivedAt - fault.at), 0),
  }));
}

const PROGRAM = (victim: string) => victim.replace(/ \d$/, '');

/** By what was done to what, such as `kill dispatcher`; the longest first. */
export function recoveryByKind(recovered: Recovery[]): Record<string, Spread> {
  const kinds = new Map<string, number[]>();
  for (const { kind, victim, recoveryMs } of recovered) {
    const name = `${kind} ${PROGRAM(victim)}`;
    kinds.set(name, [...(kinds.get(name) ?? []), recoveryMs]);
  }
  const spreads = [...kinds].map(([name, times]) => [name, spread(times)] as const);
  return Object.fromEntries(spreads.sort(([, one], [, other]) => (other.max ?? 0) - (one.max ?? 0)));
}

/** Everything is calm again this long after what was late has arrived, ms: backlogs are gone. */
const CALM_AFTER_MS = 2_000;

/** Groups of Kafka form in the first seconds, ms. */
const WARM_UP_MS = 5_000;

/** From sending the publish request to arrival, of those that no fault has touched, ms. */
export function calmLatency(recovered: Recovery[], delivered: Delivered[]): Spread {
  const warm = delivered.reduce((first, { sentAt }) => Math.min(first, sentAt), Infinity) + WARM_UP_MS;
  const outages = recovered.map(({ at, until, recoveryMs }) => ({
    from: at,
    to: Math.max(until, at + recoveryMs) + CALM_AFTER_MS,
  }));
  const calm = delivered.filter(
    ({ sentAt, arrivedAt }) =>
      sentAt > warm && outages.every(({ from, to }) => arrivedAt < from || sentAt > to),
  );
  return spread(calm.map(({ sentAt, arrivedAt }) => Math.max(0, arrivedAt - sentAt)));
}

/** Of all of them, those that a fault has touched included, ms. */
export const latency = (delivered: Delivered[]): Spread =>
  spread(delivered.map(({ sentAt, arrivedAt }) => Math.max(0, arrivedAt - sentAt)));

const SLOWEST_SHOWN = 200;

export interface Slow extends Delivered {
  tookMs: number;
}

/** The events that took longest, for whoever looks into them. */
export const slowest = (delivered: Delivered[]): Slow[] =>
  delivered
    .map((event) => ({ ...event, tookMs: event.arrivedAt - event.sentAt }))
    .sort((one, other) => other.tookMs - one.tookMs)
    .slice(0, SLOWEST_SHOWN);
