import type { Ledger } from '../load/ledger.ts';
import type { Arrival, Behaviour } from '../load/receivers.ts';
import type { Fault } from '../machine/inflict.ts';
import { explainDuplicate, type Duplicate, type DuplicateCause, type RecordedAttempt } from './duplicates.ts';
import type { Spread } from './figures.ts';
import { findDisorder, type Disorder } from './order.ts';
import {
  calmLatency,
  latency,
  recoveries,
  recoveryByKind,
  slowest,
  type Delivered,
  type Recovery,
  type Slow,
} from './recovery.ts';

export interface Evidence {
  planned: number;
  ledger: Ledger;
  arrivals: Arrival[];
  behaviours: ReadonlyMap<string, Behaviour>;
  faults: Fault[];
  /** Of the events that were delivered more than once. */
  attempts: RecordedAttempt[];
  /** Uuids of events that PostgreSQL does not hold to be delivered. */
  unfinished: string[];
  unexpectedEnds: string[];
}

export interface Verdict {
  planned: number;
  acknowledged: number;
  delivered: number;
  /** Uuids that were answered 202 and never delivered. */
  lost: string[];
  /** Delivered, but unknown to any publisher. */
  unacknowledged: string[];
  /** Idempotency keys of which more than one event was delivered. */
  publishedTwice: string[];
  duplicated: Record<DuplicateCause, number>;
  duplicates: Duplicate[];
  disorder: Disorder[];
  unfinished: string[];
  unexpectedEnds: string[];
  answers: Record<string, number>;
  /** Answers to publishers that are neither 202, nor 503 with Retry-After, nor a connection that was lost or silent. */
  wrongAnswers: string[];
  calmLatencyMs: Spread;
  latencyMs: Spread;
  recoveryMs: Record<string, Spread>;
  faults: Recovery[];
  slowest: Slow[];
  /** What must not be, in words; empty when all promises were kept. */
  failures: string[];
}

/** After a crash, its events are attempted again within this time of the restart, ms. */
const RECOVERY_LIMIT_MS = 60_000;

/** Compares what publishers were told with what receivers saw. */
export function judge(evidence: Evidence): Verdict {
  const { planned, ledger, arrivals, behaviours, faults, attempts, unfinished, unexpectedEnds } = evidence;
  const deliveries = deliveriesByUuid(arrivals);
  const acknowledged = new Map(ledger.acknowledged.map((event) => [event.uuid, event]));

  const duplicates = [...deliveries]
    .filter(([, times]) => times.length > 1)
    .map(([uuid, times]) =>
      explainDuplicate(
        times,
        attempts.filter((attempt) => attempt.uuid === uuid),
        faults,
      ),
    );
  const duplicated = { killed: 0, frozen: 0, late: 0, unexplained: 0 };
  for (const { cause } of duplicates) duplicated[cause] += 1;

  const healthy: Delivered[] = [...acknowledged.values()].flatMap((event) => {
    const first = deliveries.get(event.uuid)?.[0];
    return behaviours.get(event.receiver) === 'steady' && first
      ? [{ ...event, arrivedAt: first.startedAt }]
      : [];
  });
  const recovered = recoveries(faults, healthy);
  const uuidsOfKeys = new Map<string, Set<string>>();
  for (const [uuid, [first]] of deliveries) {
    const key = first!.event.key;
    uuidsOfKeys.set(key, (uuidsOfKeys.get(key) ?? new Set()).add(uuid));
  }

  const verdict = {
    planned,
    acknowledged: acknowledged.size,
    delivered: deliveries.size,
    lost: [...acknowledged.keys()].filter((uuid) => !deliveries.has(uuid)),
    unacknowledged: [...deliveries.keys()].filter((uuid) => !acknowledged.has(uuid)),
    publishedTwice: [...uuidsOfKeys].flatMap(([key, { size }]) => (size > 1 ? [key] : [])),
    duplicated,
    duplicates,
    disorder: findDisorder(arrivals.filter(({ receiver }) => behaviours.get(receiver) === 'ordered')),
    unfinished,
    unexpectedEnds,
    answers: Object.fromEntries(ledger.answers),
    wrongAnswers: [...ledger.answers.keys()].filter(
      (answer) => !/^(202|503|no answer in time|connection: .*)$/.test(answer),
    ),
    calmLatencyMs: calmLatency(recovered, healthy),
    latencyMs: latency(healthy),
    recoveryMs: recoveryByKind(recovered),
    faults: recovered,
    slowest: slowest(healthy),
  };
  return { ...verdict, failures: failuresOf(verdict) };
}

function deliveriesByUuid(arrivals: Arrival[]): Map<string, Arrival[]> {
  const deliveries = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    if (!arrival.delivered) continue;
    const known = deliveries.get(arrival.uuid);
    if (known) known.push(arrival);
    else deliveries.set(arrival.uuid, [arrival]);
  }
  for (const times of deliveries.values()) {
    times.sort((one, other) => (one.endedAt ?? 0) - (other.endedAt ?? 0));
  }
  return deliveries;
}

function failuresOf(verdict: Omit<Verdict, 'failures'>): string[] {
  const slow = verdict.faults.filter(
    ({ at, until, recoveryMs }) => recoveryMs > until - at + RECOVERY_LIMIT_MS,
  );
  const counts: [number, string][] = [
    [verdict.planned - verdict.acknowledged, 'events were never answered 202'],
    [verdict.lost.length, 'events were lost'],
    [verdict.publishedTwice.length, 'idempotency keys became two events'],
    [verdict.duplicated.unexplained, 'duplicates have no explanation'],
    [verdict.disorder.length, 'breaches of order'],
    [verdict.unfinished.length, 'events are not recorded as delivered'],
    [verdict.unexpectedEnds.length, 'services ended by themselves'],
    [verdict.wrongAnswers.length, 'kinds of answers to publishers that should not be'],
    [slow.length, 'recoveries took longer than a minute'],
  ];
  return counts.flatMap(([count, what]) => (count > 0 ? [`${count} ${what}`] : []));
}
