import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { ADMIN_TOKEN, startSystem, type System } from '../e2e/system.ts';
import { scrape, type Exposition } from './exposition.ts';
import { metricsTable } from './metrics-table.ts';

/** What a histogram adds to its own name. */
const SERIES = /_(bucket|sum|count)$/;

describe('Metrics', () => {
  let system: System;
  let target: Target;
  beforeAll(async () => {
    const brokers = process.env['KAFKA_BROKERS'];
    if (!brokers) throw new Error('KAFKA_BROKERS is not set: run through jest, which starts a broker.');
    system = await startSystem({ brokers });
    target = await startTarget();
  });
  afterAll(async () => {
    await target.close();
    await system.close();
  });

  const ingestApi = () => scrape(system.ingestApi.url);
  const dispatcher = () => scrape(system.dispatcher.url);

  it('count what happens to events, from the request to the last attempt', async () => {
    const { id } = await system.api.createHook(target.url, {
      retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 0 } },
      config: { max_attempts: 2, recovery_attempts: 0 },
    });
    await system.api.publish(id, { pk: 1, data: {} });
    await eventually(
      async () => (await dispatcher()).sum('oms_events_finished_total', { state: 'delivered' }) === 1,
    );
    target.answer(respond(503, 'no'));
    await system.api.publish(id, { pk: 2, data: {} });
    await eventually(
      async () => (await dispatcher()).sum('oms_events_finished_total', { state: 'exhausted' }) === 1,
    );

    const sent = await dispatcher();
    expect(sent.sum('oms_attempts_total')).toBe(3);
    expect(sent.sum('oms_attempts_total', { outcome: 'delivered', cause: 'countdown' })).toBe(1);
    expect(sent.sum('oms_attempts_total', { outcome: 'answered_5xx' })).toBe(2);
    expect(sent.sum('oms_attempt_duration_seconds_count')).toBe(3);
    expect(sent.sum('oms_publish_to_first_attempt_seconds_count')).toBe(2);
    expect(sent.sum('oms_publish_to_delivered_seconds_count', { attempt: 'first' })).toBe(1);
    expect(sent.sum('oms_publish_to_delivered_seconds_count', { attempt: 'later' })).toBe(0);
    expect(sent.sum('oms_record_batch_attempts_sum')).toBe(3);
    expect(sent.sum('oms_requests_in_flight')).toBe(0);
    await eventually(
      async () => (await dispatcher()).sum('oms_announcements_total', { result: 'sent' }) === 3,
    );
    expect((await dispatcher()).sum('oms_announcements_waiting')).toBe(0);

    const taken = await ingestApi();
    const publish = '/api/v1/oms/oms_hook_events/publish-event/';
    const request = { api: 'oms', method: 'POST', route: publish };
    expect(taken.sum('oms_http_requests_total', { ...request, status: '202' })).toBe(2);
    expect(taken.sum('oms_http_request_duration_seconds_count', request)).toBe(2);
    expect(taken.sum('oms_events_accepted_total')).toBe(2);
    expect(taken.sum('oms_insert_batch_events_sum')).toBe(2);
    expect(taken.sum('oms_kafka_up')).toBe(1);
    for (const exported of [sent, taken]) {
      expect(exported.sum('oms_database_up')).toBe(1);
      expect(exported.sum('oms_database_pool_connections')).toBeGreaterThan(0);
      // The scrape's own question to PostgreSQL was counted here, and raised the alert of an exhausted pool.
      expect(exported.sum('oms_database_pool_waiting')).toBe(0);
    }
  });

  it('have routes, never paths, as labels', async () => {
    await system.api.get('/whisperer/hooks/4711/');
    await system.api.get('/no/such/path/4711');
    await system.api.get('/core/api/v1/webhooks/subscriptions/4711');
    const { samples } = await ingestApi();
    const requests = samples.filter(({ name }) => name === 'oms_http_requests_total');
    expect(requests.map(({ labels }) => [labels['api'], labels['route']])).toEqual(
      expect.arrayContaining([
        ['oms', '/whisperer/hooks/:id/'],
        ['none', 'none'],
        ['os1', '/core/api/v1/webhooks/subscriptions/:id'],
      ]),
    );
    expect(JSON.stringify(samples)).not.toContain('4711');
  });

  it('show what is due while nobody takes it, by the state of the circuit', async () => {
    const { id } = await system.api.createHook(`${target.url}/paced`, { config: { rate_limit: 0.001 } });
    for (const pk of [1, 2, 3]) await system.api.publish(id, { pk, data: {} });
    await system.database.pool.query(
      `UPDATE webhook_event SET next_attempt_at = now() - interval '1 hour', in_flight = false
        WHERE webhook_id = $1 AND state = 'pending'`,
      [id],
    );
    // Figures of a moment ago are shown for ten seconds: of the events as they were before.
    await eventually(
      async () =>
        (await dispatcher()).sum('oms_due_oldest_age_seconds', { circuit: 'closed' }) > 3590 &&
        (await dispatcher()).sum('oms_due_events', { circuit: 'closed' }) >= 2,
      { what: 'the age of what is due' },
    );
    expect((await dispatcher()).sum('oms_due_events', { circuit: 'open' })).toBe(0);
  });

  it('show who follows the stream of events, while they do', async () => {
    const leaving = new AbortController();
    const following = await fetch(`${system.ingestApi.url}/api/v1/oms/oms_hook_events/stream/`, {
      headers: { authorization: `Token ${ADMIN_TOKEN}` },
      signal: leaving.signal,
    });
    expect(following.status).toBe(200);
    expect((await ingestApi()).sum('oms_event_streams')).toBe(1);
    leaving.abort();
    await eventually(async () => (await ingestApi()).sum('oms_event_streams') === 0);
  });

  it('show bulk resends until they are finished, and how late they are', async () => {
    await system.database.pool.query(
      `INSERT INTO resend_task (account_id, superuser, filters, rate, total, estimated, last_id, next_step_date)
       SELECT min(id), true, '{}', 1, 0, false, 0, now() + interval '1 hour' FROM account`,
    );
    await eventually(async () => (await ingestApi()).sum('oms_resend_tasks') === 1);
    expect((await ingestApi()).sum('oms_resend_tasks_late_seconds')).toBe(0);
    await system.database.pool.query('UPDATE resend_task SET next_step_date = now()');
    await eventually(async () => (await ingestApi()).sum('oms_resend_tasks') === 0);
    expect((await ingestApi()).sum('oms_resend_tasks_failed_total')).toBe(0);
  });

  it('say how far the dispatchers are behind in Kafka', async () => {
    const lag = await eventually(async () => {
      const { samples } = await dispatcher();
      return samples.find(({ name }) => name === 'oms_kafka_consumer_lag_messages');
    });
    expect(lag.labels).toEqual({ group: 'dispatcher', topic: 'oms.webhook-dispatch' });
    await eventually(async () => (await dispatcher()).sum('oms_kafka_consumer_lag_messages') === 0);
  });

  it.each([
    ['ingest API', 'Ingest API', ingestApi],
    ['dispatcher', 'Dispatcher', dispatcher],
  ])('of the %s are those of docs/metrics.md, with their types and labels', async (_, heading, read) => {
    const table = metricsTable();
    const documented = [heading, 'Both services', 'Of the process'].flatMap((name) => table.get(name) ?? []);
    const exported = await read();
    expect(Object.fromEntries([...exported.types].sort())).toEqual(
      Object.fromEntries(documented.map(({ name, type }) => [name, type]).sort()),
    );
    for (const { name, type, labels } of documented) {
      for (const sample of samplesOf(exported, name, type))
        expect({ name, labels: labelsOf(sample) }).toEqual({ name, labels: [...labels].sort() });
    }
  });
});

const samplesOf = ({ samples }: Exposition, name: string, type: string) =>
  samples.filter((sample) => (type === 'histogram' ? sample.name.replace(SERIES, '') : sample.name) === name);

/** `le` belongs to the format. */
const labelsOf = ({ labels }: { labels: Record<string, string> }) =>
  Object.keys(labels)
    .filter((label) => label !== 'le')
    .sort();
