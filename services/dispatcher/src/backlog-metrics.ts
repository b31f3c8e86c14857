import { dueFigures } from '@oms-webhooks/db';
import type { Instant } from '@oms-webhooks/domain';
import { sharedFor, type Metrics } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { Announcer } from './attempt/announce.ts';
import type { Lanes } from './lanes/lanes.ts';

/** Several gatherers may scrape; PostgreSQL is asked once for all of them. */
const DUE_AGE_MS = 10_000;

const CIRCUITS = ['closed', 'half-open', 'open'] as const;

/** What waits: in this process, and due in PostgreSQL. docs/metrics.md has all metrics with their meaning. */
export function backlogMetrics(
  metrics: Metrics,
  {
    pool,
    lanes,
    announcer,
    now,
  }: { pool: Pool; lanes: Lanes; announcer: Pick<Announcer, 'waiting'>; now: () => Instant },
): void {
  metrics.gauge('oms_requests_in_flight', 'Attempts under way in this process.', {
    collect: (gauge) => gauge.set(lanes.inFlight),
  });
  metrics.gauge('oms_queued_events', 'Events that wait in the lanes of this process.', {
    collect: (gauge) => gauge.set(lanes.queued),
  });
  metrics.gauge('oms_announcements_waiting', 'Attempts that this process is still to announce.', {
    collect: (gauge) => gauge.set(announcer.waiting),
  });
  metrics.gauge('oms_lanes', 'Lanes of this process by the state of their circuit.', {
    labels: ['circuit'],
    collect: (gauge) => {
      const circuits = lanes.circuits();
      for (const circuit of CIRCUITS) gauge.set({ circuit }, circuits[circuit]);
    },
  });

  const due = sharedFor(DUE_AGE_MS, async () => {
    const byCircuit = new Map(CIRCUITS.map((circuit) => [circuit, { events: 0, ageSeconds: 0 }]));
    for (const { webhookId, events, since } of await dueFigures(pool)) {
      const figures = byCircuit.get(lanes.circuitOf(webhookId))!;
      figures.events += events;
      figures.ageSeconds = Math.max(figures.ageSeconds, (now() - since) / 1e6);
    }
    return byCircuit;
  });
  metrics.gauge(
    'oms_due_events',
    'Events that are due and not taken by any dispatcher, of all dispatchers.',
    {
      labels: ['circuit'],
      collect: async (gauge) => {
        for (const [circuit, { events }] of await due()) gauge.set({ circuit }, events);
      },
    },
  );
  metrics.gauge(
    'oms_due_oldest_age_seconds',
    'For how long the oldest of these has been due; 0 without any.',
    {
      labels: ['circuit'],
      collect: async (gauge) => {
        for (const [circuit, { ageSeconds }] of await due()) gauge.set({ circuit }, ageSeconds);
      },
    },
  );
}
