import { deadLetteredTopics, type DeadLetteredTopic } from '@oms-webhooks/bus';
import type { Metrics } from '@oms-webhooks/telemetry';
import { isOs1 } from './publisher-registry/operations.ts';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const BATCH = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1000, 2000];

/** A client may write any method that Node's parser knows. */
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export type IngestMetrics = ReturnType<typeof ingestMetrics>;

/** What the ingest API counts. docs/metrics.md has all metrics with their meaning. */
export function ingestMetrics(metrics: Metrics) {
  const requests = metrics.counter('oms_http_requests_total', 'Requests that were answered.', [
    'api',
    'method',
    'route',
    'status',
  ]);
  const duration = metrics.histogram(
    'oms_http_request_duration_seconds',
    'From the headers of a request to the end of its answer.',
    { labels: ['api', 'method', 'route'], buckets: SECONDS },
  );
  const accepted = metrics.counter('oms_events_accepted_total', 'Webhook events that were committed.', [
    'road',
  ]);
  const batches = metrics.histogram('oms_insert_batch_events', 'Webhook events inserted in one commit.', {
    buckets: BATCH,
  });
  const inserting = metrics.histogram('oms_insert_duration_seconds', 'How long such a commit took.', {
    buckets: SECONDS,
  });
  const refused = metrics.counter(
    'oms_kafka_refused_events_total',
    'Webhook events that Kafka did not take; they go through PostgreSQL.',
  );
  const deadLetters = metrics.counter('oms_dead_letters_total', 'Records that were set aside.', ['topic']);
  const resendsFailed = metrics.counter('oms_resend_tasks_failed_total', 'Bulk resends that failed.');
  for (const road of ['kafka', 'postgresql']) accepted.inc({ road }, 0);
  for (const topic of deadLetteredTopics) deadLetters.inc({ topic }, 0);

  return {
    /** @param route the row of the URL table; undefined for a path that is in none */
    answered(
      request: { method: string; path: string },
      route: string | undefined,
      status: number,
      ms: number,
    ) {
      const labels = {
        api: route === undefined ? 'none' : isOs1(request.path) ? 'os1' : 'oms',
        method: METHODS.has(request.method) ? request.method : 'other',
        route: route ?? 'none',
      };
      requests.inc({ ...labels, status });
      duration.observe(labels, ms / 1000);
    },
    committed(events: number, ms: number): void {
      batches.observe(events);
      inserting.observe(ms / 1000);
    },
    /** Committed events begin their way to the dispatchers. */
    setOut(throughKafka: number, throughPostgres: number): void {
      accepted.inc({ road: 'kafka' }, throughKafka);
      accepted.inc({ road: 'postgresql' }, throughPostgres);
    },
    refusedByKafka: (events: number) => refused.inc(events),
    resendFailed: () => resendsFailed.inc(),
    setAside: (topic: DeadLetteredTopic) => deadLetters.inc({ topic }),
  };
}
