import type { Arrival } from '../load/receivers.ts';
import type { Fault } from '../machine/inflict.ts';

/** A request as the system has recorded it, for events that were delivered more than once. */
export interface RecordedAttempt {
  uuid: string;
  /** ms since the epoch. */
  requestedAt: number;
  durationMs: number;
  status: number;
  /** Such as `timeout`; null when there was an answer. */
  errorKind: string | null;
}

/**
 * Why an event that had been answered 2xx was sent again. killed, frozen: a dispatcher was, between the answer and its
 * record. late: the answer crossed the time limit of the request. Everything else is a fault of the system.
 */
export type DuplicateCause = 'killed' | 'frozen' | 'late' | 'unexplained';

export interface Duplicate {
  uuid: string;
  receiver: string;
  cause: DuplicateCause;
  /** What is known of it, for whoever looks into it. */
  story: string[];
}

/** What a record may take when nothing is wrong, ms. */
const RECORD_MS = 2_000;
/** Between the clocks of a receiver and of PostgreSQL, and in their event loops, ms. */
const SKEW_MS = 750;

/** @param deliveries those of one event that were answered 2xx, in the order of their ends; two or more */
export function explainDuplicate(
  deliveries: Arrival[],
  attempts: RecordedAttempt[],
  faults: Fault[],
): Duplicate {
  const again = deliveries.slice(1);
  const causes = again.map((next, index) => causeOf(deliveries[index]!, next, attempts, faults));
  const { uuid, receiver } = deliveries[0]!;
  return {
    uuid,
    receiver,
    cause: causes.includes('unexplained')
      ? onlyLate(deliveries, attempts)
        ? 'late'
        : 'unexplained'
      : causes[0]!,
    story: [
      ...deliveries.map(
        ({ startedAt, endedAt = startedAt }) => `${time(startedAt)} request, answered ${time(endedAt)}`,
      ),
      ...attempts.map(
        ({ requestedAt, status, errorKind, durationMs }) =>
          `${time(requestedAt)} recorded: ${errorKind ?? status}, ${durationMs} ms`,
      ),
      ...faults
        .filter(({ at, until }) => until > deliveries[0]!.startedAt - 40_000 && at < again.at(-1)!.startedAt)
        .map(({ victim, kind, at, until }) => `${time(at)} ${victim}: ${kind} until ${time(until)}`),
    ].sort(),
  };
}

/**
 * A receiver that gets no time of its machine takes requests up long after the dispatcher has given them up: then no
 * record fits its instants, but there is one of a timeout for each request too many.
 */
function onlyLate(deliveries: Arrival[], attempts: RecordedAttempt[]): boolean {
  const timeouts = attempts.filter(({ errorKind }) => errorKind === 'timeout').length;
  const successes = attempts.filter(({ status }) => status >= 200 && status < 300).length;
  return successes <= 1 && deliveries.length <= timeouts + successes;
}

function causeOf(
  delivery: Arrival,
  next: Arrival,
  attempts: RecordedAttempt[],
  faults: Fault[],
): DuplicateCause {
  const { startedAt, endedAt = startedAt } = delivery;
  const record = attempts
    .filter(({ requestedAt }) => requestedAt <= startedAt + SKEW_MS && requestedAt > startedAt - 60_000)
    .filter(({ requestedAt, durationMs }) => requestedAt + durationMs >= startedAt - SKEW_MS)
    .at(-1);
  const during = (kind: Fault['kind']) =>
    faults.some(
      ({ victim, kind: its, at, until }) =>
        its === kind &&
        victim.startsWith('dispatcher') &&
        at <= Math.min(next.startedAt, latestRecord(victim, endedAt, faults)) &&
        // What arrives while it is dead it has sent before: a receiver without time of its machine takes it up late.
        until >= startedAt - SKEW_MS,
    );
  if (!record) return during('kill') ? 'killed' : 'unexplained';
  if (during('freeze')) return 'frozen';
  return record.errorKind === 'timeout' ? 'late' : 'unexplained';
}

/** Until when a dispatcher may not have recorded an answer: it waits for PostgreSQL, and while it is frozen. */
function latestRecord(dispatcher: Fault['victim'], answeredAt: number, faults: Fault[]): number {
  return faults
    .filter(({ victim, kind }) => victim === 'PostgreSQL' || (victim === dispatcher && kind === 'freeze'))
    .sort((one, other) => one.at - other.at)
    .reduce(
      (latest, { at, until }) => (at <= latest ? Math.max(latest, until + RECORD_MS) : latest),
      answeredAt + RECORD_MS,
    );
}

const time = (instant: number) => new Date(instant).toISOString().slice(11, 23);
