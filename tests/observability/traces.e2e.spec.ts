import { randomBytes } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { startSystem, type System } from '../e2e/system.ts';
import { startCollector, type CollectedSpan, type Collector } from './collector.ts';

const PUBLISHED = 'POST /api/v1/oms/oms_hook_events/publish-event/';
const newTrace = () => randomBytes(16).toString('hex');
const CALLER = 'aaaaaaaaaaaaaaaa';

jest.setTimeout(180_000);

/** The span of this name, and its ancestors up to the one that has come from outside. */
function pathTo(name: string, spans: CollectedSpan[]): string[] {
  const span: CollectedSpan | undefined = spans.find((one) => one.name === name);
  if (!span) throw new Error(`no span ${name}`);
  const parent: CollectedSpan | undefined = spans.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent ? pathTo(parent.name, spans) : [String(span.parentSpanId)]), name];
}

describe.each([
  [
    'through Kafka',
    (): string | undefined => process.env['KAFKA_BROKERS'],
    ['send oms.webhook-dispatch', 'receive oms.webhook-dispatch'],
  ],
  ['through PostgreSQL alone', (): string | undefined => undefined, []],
] as const)('A trace %s', (_, brokers, road) => {
  let system: System;
  let target: Target;
  let collector: Collector;
  beforeAll(async () => {
    const kafka = brokers();
    collector = await startCollector();
    system = await startSystem({
      ...(kafka && { brokers: kafka }),
      environment: {
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20key-of-the-collector',
      },
    });
    target = await startTarget();
  });
  afterAll(async () => {
    await system.close();
    await target.close();
    await collector.close();
  });
  beforeEach(() => target.answer(respond(200, 'ok')));

  const publish = async (traceparent: string, headers: Record<string, string> = {}) => {
    const { id } = await system.api.createHook(`${target.url}/${traceparent}`);
    const uuid = await system.api.publish(id, { pk: 1, data: {} }, { traceparent, ...headers });
    return { id, uuid };
  };
  /** An event with its trace. While the dispatchers' group forms events go through PostgreSQL, so it may take another. */
  const publishedOnRoad = () =>
    eventually(
      async () => {
        const trace = newTrace();
        const traceparent = `00-${trace}-${CALLER}-01`;
        const { uuid } = await publish(traceparent, { tracestate: 'vendor=1', baggage: 'user=ann' });
        const spans = await collector.trace(trace, [PUBLISHED, 'insert webhook_event', 'attempt']);
        const isOnRoad = road.every((name) => spans.some((span) => span.name === name));
        return isOnRoad ? { trace, traceparent, uuid, spans } : undefined;
      },
      { withinMs: 120_000, what: 'an event on this road' },
    );
  const requestsOf = (traceparent: string) =>
    target.received.filter(({ path }) => path === `/${traceparent}`);

  it('goes from the publisher over insert and road to the request at the target, each step under the one that caused it', async () => {
    const { trace, traceparent, uuid, spans } = await publishedOnRoad();

    const attempt = [CALLER, PUBLISHED, ...road, 'attempt'];
    expect(pathTo('insert webhook_event', spans)).toEqual([CALLER, PUBLISHED, 'insert webhook_event']);
    for (const step of ['prepare', 'POST', 'record']) expect(pathTo(step, spans)).toEqual([...attempt, step]);
    expect(spans.map(({ name, service }) => [name, service])).toEqual(
      expect.arrayContaining([
        [PUBLISHED, 'ingest-api'],
        ['attempt', 'dispatcher'],
      ]),
    );
    expect(spans.find(({ name }) => name === 'attempt')?.attributes).toMatchObject({
      'oms.event.uuid': uuid,
    });

    const [insert] = spans.filter(({ name }) => name === 'insert webhook_event');
    const commit = await eventually(() =>
      collector.spans.find(({ spanId }) => spanId === insert?.links[0]?.spanId),
    );
    expect(commit.name).toBe('commit');
    expect(commit.links.map(({ traceId }) => traceId)).toContain(trace);

    const [request] = requestsOf(traceparent);
    const sent = spans.find(({ name }) => name === 'POST');
    expect(request?.headers.traceparent).toBe(`00-${trace}-${sent?.spanId}-01`);
    expect(request?.headers).not.toHaveProperty('tracestate');
    expect(request?.headers).not.toHaveProperty('baggage');
    expect([...collector.authorizations]).toEqual(['Bearer key-of-the-collector']);
  });

  it('has every attempt of an event in it, the failed ones marked', async () => {
    target.answer(
      (response, _request, number) => void response.writeHead(number % 2 === 0 ? 200 : 503).end(),
    );
    const trace = newTrace();
    const traceparent = `00-${trace}-${CALLER}-01`;
    await publish(traceparent);
    const attempts = await eventually(
      () => {
        const found = collector.spans.filter(({ name, traceId }) => name === 'attempt' && traceId === trace);
        return found.some(({ failed }) => !failed) ? found : undefined;
      },
      { withinMs: 60_000, what: 'an attempt that delivers' },
    );
    expect(
      attempts.map(({ attributes, failed }) => [Number(attributes['oms.attempt.number']), failed]),
    ).toEqual(attempts.map((_span, n) => [n + 1, n + 1 < attempts.length]));
    const sent = requestsOf(traceparent).map(({ headers }) => String(headers.traceparent).split('-'));
    expect(new Set(sent.map(([, traceId]) => traceId))).toEqual(new Set([trace]));
    expect(new Set(sent.map(([, , spanId]) => spanId)).size).toBe(attempts.length);
  });

  it('that its publisher does not record is not recorded here, and reaches the target all the same', async () => {
    const trace = newTrace();
    const traceparent = `00-${trace}-${CALLER}-00`;
    await publish(traceparent);
    const request = await eventually(() => requestsOf(traceparent)[0]);
    expect(request.headers.traceparent).toMatch(new RegExp(`^00-${trace}-[0-9a-f]{16}-00$`));
    // A later one is there: so would be the spans of this one.
    const later = newTrace();
    await publish(`00-${later}-${CALLER}-01`);
    await collector.trace(later, [PUBLISHED, 'attempt']);
    expect(collector.spans.filter(({ traceId }) => traceId === trace)).toEqual([]);
  });

  it('is in the lines of its request and its attempts', async () => {
    const trace = newTrace();
    const { uuid } = await publish(`00-${trace}-${CALLER}-01`);
    const line = await eventually(() =>
      system.dispatcher.lines.find(({ message, event }) => message === 'attempt' && event === uuid),
    );
    expect(line).toMatchObject({ trace_id: trace, event: uuid });
    const request = await eventually(() =>
      system.ingestApi.lines.find(({ message, event }) => message === 'request' && event === uuid),
    );
    expect(request).toMatchObject({ trace_id: trace, status: 202, request_id: expect.any(String) });
  });
});

describe('Without a collector that answers', () => {
  it('events are delivered, and the log says that traces are dropped', async () => {
    const collector = await startCollector();
    await collector.close();
    const target = await startTarget();
    const system = await startSystem({ environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
    try {
      const { id } = await system.api.createHook(target.url);
      await system.api.publish(id, { pk: 1, data: {} });
      await eventually(() => target.received.length === 1);
      await eventually(
        () =>
          system.ingestApi.lines.some(
            ({ message }) => message === 'traces cannot be sent to their collector, and are dropped',
          ),
        { withinMs: 60_000, what: 'a warning' },
      );
    } finally {
      await system.close();
      await target.close();
    }
  });
});

describe('A record of oms.events', () => {
  it('is a step in the trace of whoever wrote it', async () => {
    const brokers = process.env['KAFKA_BROKERS'];
    if (!brokers) throw new Error('KAFKA_BROKERS is not set: run through jest, which starts a broker.');
    const collector = await startCollector();
    const target = await startTarget();
    const system = await startSystem({
      brokers,
      environment: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
    });
    try {
      const trace = newTrace();
      await system.api.createHook(target.url);
      const producer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).producer();
      await producer.connect();
      await producer.send({
        topic: `${system.topicPrefix}oms.events`,
        messages: [
          {
            value: JSON.stringify({
              event_type: 'package.created',
              instance: { pk: 1, model: 'package', data: {} },
            }),
            headers: { traceparent: `00-${trace}-${CALLER}-01` },
          },
        ],
      });
      await producer.disconnect();
      const spans = await collector.trace(trace, ['process oms.events', 'attempt', 'POST']);
      const path = pathTo('POST', spans).filter((name) => !name.endsWith('oms.webhook-dispatch'));
      expect(path).toEqual([CALLER, 'process oms.events', 'attempt', 'POST']);
    } finally {
      await system.close();
      await target.close();
      await collector.close();
    }
  });
});
