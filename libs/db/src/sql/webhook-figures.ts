import type { Pool } from 'pg';
import type { Instant } from '@oms-webhooks/domain';

/** What is looked at, however many attempts and waiting events there are. */
const MOST_ATTEMPTS = 10_000;
const MOST_WAITING = 10_000;

/** Attempts within a window of time, or the latest 10,000 of them. */
export interface AttemptFigures {
  hours: number;
  attempts: number;
  delivered: number;
  /** p50, p95, p99 in milliseconds, failed attempts included; null without attempts. */
  durations: [number, number, number] | null;
  /** Within which the attempts were made: the window, or since the oldest that was looked at. */
  minutes: number;
  sampled: boolean;
}

export interface WebhookFigures {
  windows: AttemptFigures[];
  /** Among the latest 10,000 attempts. */
  lastDelivered: Instant | null;
  lastFailed: Instant | null;
  failingSince: Instant | null;
  /** Unfinished events, 10,000 at most, those in flight included. */
  waiting: number;
  waitingAtLeast: boolean;
  oldestDue: Instant | null;
  oldestDueSeconds: number;
}

/** Plan: delivery_attempt_of_webhook from its end, partition by partition. */
const attempts = `
  WITH latest AS MATERIALIZED (
    SELECT requested_at, duration_ms,
           error_kind IS NULL AND response_http_status BETWEEN 200 AND 299 AS delivered
      FROM delivery_attempt
     WHERE webhook_id = $1
     ORDER BY requested_at DESC LIMIT ${MOST_ATTEMPTS}
  ), oldest AS (
    SELECT count(*) = ${MOST_ATTEMPTS} AS cut, min(requested_at) AS at FROM latest
  )
  SELECT w.hours, oldest.cut AND oldest.at > now() - make_interval(hours => w.hours) AS sampled,
         extract(epoch FROM now() - CASE WHEN oldest.cut
           THEN GREATEST(oldest.at, now() - make_interval(hours => w.hours))
           ELSE now() - make_interval(hours => w.hours) END)::float8 / 60 AS minutes,
         count(l.requested_at) AS attempts, count(*) FILTER (WHERE l.delivered) AS delivered,
         percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY l.duration_ms) AS durations,
         (SELECT max(requested_at) FROM latest WHERE delivered) AS "lastDelivered",
         (SELECT max(requested_at) FROM latest WHERE NOT delivered) AS "lastFailed",
         (SELECT failing_since FROM webhook_health WHERE webhook_id = $1) AS "failingSince"
    FROM (VALUES (1), (24)) AS w (hours)
   CROSS JOIN oldest
    LEFT JOIN latest l ON l.requested_at > now() - make_interval(hours => w.hours)
   GROUP BY w.hours, oldest.cut, oldest.at
   ORDER BY w.hours`;

/** Plan: webhook_event_due, in the order of its index. */
const backlog = `
  WITH waiting AS (
    SELECT next_attempt_at FROM webhook_event
     WHERE webhook_id = $1 AND next_attempt_at IS NOT NULL
     ORDER BY next_attempt_at LIMIT ${MOST_WAITING + 1}
  )
  SELECT LEAST(count(*), ${MOST_WAITING}) AS waiting, count(*) > ${MOST_WAITING} AS "waitingAtLeast",
         min(next_attempt_at) FILTER (WHERE next_attempt_at <= now()) AS "oldestDue",
         COALESCE(extract(epoch FROM now() - min(next_attempt_at) FILTER (WHERE next_attempt_at <= now())), 0)::float8
           AS "oldestDueSeconds"
    FROM waiting`;

/** How a webhook has been doing for an hour and for a day, and what waits for it. */
export async function webhookFigures(pool: Pool, webhookId: number): Promise<WebhookFigures> {
  type Made = AttemptFigures & Pick<WebhookFigures, 'lastDelivered' | 'lastFailed' | 'failingSince'>;
  type Waiting = Omit<WebhookFigures, 'windows' | keyof Made>;
  const [made, waiting] = await Promise.all([
    pool.query<Made>(attempts, [webhookId]),
    pool.query<Waiting>(backlog, [webhookId]),
  ]);
  const [first] = made.rows;
  const [queue] = waiting.rows;
  if (!first || !queue) throw new Error('the figures of a webhook have no row');
  const { lastDelivered, lastFailed, failingSince } = first;
  return { windows: made.rows, lastDelivered, lastFailed, failingSince, ...queue };
}
