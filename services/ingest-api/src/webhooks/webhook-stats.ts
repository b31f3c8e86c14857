import { webhookFigures, type AttemptFigures, type WebhookFigures } from '@oms-webhooks/db';
import { formatInstant, type Instant } from '@oms-webhooks/domain';
import { idParameter, notFound, type View } from '@oms-webhooks/http';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { WebhookStore } from './webhook-store.ts';

export interface StatsDeps {
  orm: DataSource;
  pool: Pool;
}

/**
 * `GET /whisperer/hooks/{id}/stats/`: attempts of the last hour and day, the backlog, and since when it fails. Of a busy
 * webhook the latest 10,000 attempts stand for the window (`sampled`). The circuit is known to each dispatcher alone.
 */
export function webhookStats({ orm, pool }: StatsDeps): View {
  const store = new WebhookStore(orm);
  return async ({ account, params }) => {
    const webhook = await store.find(account, idParameter(params.id));
    if (!webhook) throw notFound();
    const figures = await webhookFigures(pool, webhook.id);
    const [hour, day] = figures.windows;
    return {
      status: 200,
      json: {
        webhook: webhook.id,
        is_active: webhook.isActive,
        disabled_reason: webhook.disabledReason,
        last_hour: hour && shownWindow(hour),
        last_24_hours: day && shownWindow(day),
        backlog: shownBacklog(figures),
        last_delivered: instant(figures.lastDelivered),
        last_failed: instant(figures.lastFailed),
        failing_since: instant(figures.failingSince),
        circuit: null,
      },
    };
  };
}

function shownWindow({ attempts, delivered, durations, minutes, sampled }: AttemptFigures) {
  return {
    attempts,
    delivered,
    success_share: attempts === 0 ? null : rounded(delivered / attempts, 4),
    attempts_per_minute: rounded(attempts / minutes, 3),
    duration_ms: durations && { p50: durations[0], p95: durations[1], p99: durations[2] },
    sampled,
  };
}

function shownBacklog({ waiting, waitingAtLeast, oldestDue, oldestDueSeconds }: WebhookFigures) {
  return {
    events: waiting,
    at_least: waitingAtLeast,
    oldest_due: instant(oldestDue),
    oldest_due_seconds: rounded(oldestDueSeconds, 3),
  };
}

const instant = (value: Instant | null) => value && formatInstant(value);

const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
