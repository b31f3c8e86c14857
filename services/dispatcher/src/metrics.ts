import type { DispatchedEvent, EventState, NextStep, Outcome } from '@oms-webhooks/domain';
import type { Metrics } from '@oms-webhooks/telemetry';

/** What came of an attempt, in few words: how the target answered, or why there was no answer. */
type OutcomeLabel =
  | 'delivered'
  | 'answered_3xx'
  | 'answered_4xx'
  | 'answered_5xx'
  | 'answered_other'
  | Extract<Outcome, { kind: 'failed' }>['failure'];

const OUTCOMES = Object.keys({
  delivered: 0,
  answered_3xx: 0,
  answered_4xx: 0,
  answered_5xx: 0,
  answered_other: 0,
  timeout: 0,
  connection: 0,
  dns: 0,
  tls: 0,
  blocked: 0,
  response: 0,
  auth: 0,
  lookup: 0,
} satisfies Record<OutcomeLabel, 0>) as OutcomeLabel[];
const CAUSES: DispatchedEvent['cause'][] = ['countdown', 'resend', 'recovery'];
const FINISHED: EventState[] = ['delivered', 'exhausted', 'cancelled'];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SHORT = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** From a healthy target to the last of all attempts, after a weekend. */
const LONG = [...SHORT, 30, MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 3 * HOUR, 9 * HOUR, DAY, 3 * DAY];
const BATCH = [1, 2, 5, 10, 25, 50, 100, 250];

export type DispatcherMetrics = ReturnType<typeof dispatcherMetrics>;

/** What deliveries count. docs/metrics.md has all metrics with their meaning. */
export function dispatcherMetrics(metrics: Metrics) {
  const attempts = metrics.counter('oms_attempts_total', 'Attempts that were recorded.', [
    'outcome',
    'cause',
  ]);
  const duration = metrics.histogram(
    'oms_attempt_duration_seconds',
    'From the start of the request to the end of the answer.',
    { labels: ['outcome'], buckets: SHORT },
  );
  const firstAttempt = metrics.histogram(
    'oms_publish_to_first_attempt_seconds',
    'From the commit of an event to the start of its first request.',
    { buckets: LONG },
  );
  const delivered = metrics.histogram(
    'oms_publish_to_delivered_seconds',
    'From the commit of an event to the end of the answer that delivered it; without resends.',
    { labels: ['attempt'], buckets: LONG },
  );
  const finished = metrics.counter('oms_events_finished_total', 'Events that reached a final state.', [
    'state',
  ]);
  const leasesLost = metrics.counter(
    'oms_leases_lost_total',
    'Attempts whose lease had gone to somebody else: the event may have been sent twice.',
  );
  const parked = metrics.counter('oms_events_parked_total', 'Events given back to PostgreSQL unsent.');
  const batches = metrics.histogram('oms_record_batch_attempts', 'Attempts recorded in one statement.', {
    buckets: BATCH,
  });
  const recording = metrics.histogram('oms_record_duration_seconds', 'How long such a statement took.', {
    buckets: SHORT,
  });
  const disabled = metrics.counter('oms_webhooks_disabled_total', 'Webhooks that were disabled.');
  const announced = metrics.counter(
    'oms_announcements_total',
    'Attempts that were announced on oms.webhook-attempts, or dropped because Kafka was away for too long.',
    ['result'],
  );
  for (const result of ['sent', 'dropped']) announced.inc({ result }, 0);
  for (const outcome of OUTCOMES) for (const cause of CAUSES) attempts.inc({ outcome, cause }, 0);
  for (const state of FINISHED) finished.inc({ state }, 0);
  for (const attempt of ['first', 'later']) delivered.zero({ attempt });

  return {
    /** An attempt was recorded; `next` is undefined when its lease was lost. */
    attempted(event: DispatchedEvent, outcome: Outcome, next: NextStep | undefined): void {
      const label = outcomeLabel(outcome);
      attempts.inc({ outcome: label, cause: event.cause });
      duration.observe({ outcome: label }, outcome.durationMs / 1000);
      const untilSent = Math.max(0, (outcome.startedAt - event.createdDate) / 1e6);
      if (event.attempts === 0) firstAttempt.observe(untilSent);
      if (!next) return leasesLost.inc();
      if (next.state === 'retrying') return;
      finished.inc({ state: next.state });
      if (next.state !== 'delivered' || event.cause === 'resend') return;
      const attempt = event.attempts === 0 ? 'first' : 'later';
      delivered.observe({ attempt }, untilSent + outcome.durationMs / 1000);
    },
    /** An event was cancelled without an attempt. */
    cancelled: () => finished.inc({ state: 'cancelled' }),
    parked: (events: number) => parked.inc(events),
    recorded: (attempts: number, seconds: number): void => {
      batches.observe(attempts);
      recording.observe(seconds);
    },
    webhookDisabled: () => disabled.inc(),
    announced: (attempts: number) => announced.inc({ result: 'sent' }, attempts),
    notAnnounced: () => announced.inc({ result: 'dropped' }),
  };
}

function outcomeLabel(outcome: Outcome): OutcomeLabel {
  if (outcome.kind === 'failed') return outcome.failure;
  switch (Math.floor(outcome.status / 100)) {
    case 2:
      return 'delivered';
    case 3:
      return 'answered_3xx';
    case 4:
      return 'answered_4xx';
    case 5:
      return 'answered_5xx';
    default:
      return 'answered_other';
  }
}
