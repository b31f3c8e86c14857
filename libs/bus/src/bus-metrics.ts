import { sharedFor, type Metrics } from '@oms-webhooks/telemetry';
import type { Bus, ConsumerLag } from './bus.ts';
import type { Topic } from './topics.ts';

/** Several gatherers may scrape; the broker is asked once for all of them. */
const LAG_AGE_MS = 5_000;

/** What both services tell of Kafka: whether it answers, and how far behind the groups are that they take part in. */
export function busMetrics(metrics: Metrics, bus: Bus, groups: Record<string, readonly Topic[]>): void {
  const lags = sharedFor(LAG_AGE_MS, async (): Promise<(ConsumerLag & { group: string })[]> => {
    const each = Object.entries(groups).map(async ([group, topics]) =>
      (await bus.lag(group, topics)).map((lag) => ({ ...lag, group })),
    );
    return (await Promise.all(each)).flat();
  });
  metrics.gauge('oms_kafka_up', 'Whether Kafka answered when it was last asked.', {
    collect: (gauge) => gauge.set(bus.healthy() ? 1 : 0),
  });
  metrics.gauge('oms_kafka_consumer_lag_messages', 'Messages beyond the offset that a group has committed.', {
    labels: ['group', 'topic'],
    collect: async (gauge) => {
      for (const { group, topic, messages } of await lags()) gauge.set({ group, topic }, messages);
    },
  });
}
