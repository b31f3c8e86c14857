import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, type SpanContext } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { Log } from './log.ts';
import type { Span, SpanOptions, Tracing, TracingOptions } from './tracing.ts';

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
};

/** Tries included. A process that stops waits no longer for its last spans. */
const EXPORT_LIMIT_MS = 3_000;

/**
 * Spans through OpenTelemetry's SDK to a collector. Made by hand and with named parents: instrumentation that patches
 * modules costs every call, and knows nothing of batches and leases. Headers of the collector come from
 * `OTEL_EXPORTER_OTLP_HEADERS`, which the exporter reads.
 */
export function otlpTracing({
  service,
  endpoint,
  share,
  log,
}: TracingOptions & { endpoint: string }): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_LIMIT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'oms-webhooks' }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new BatchSpanProcessor({ exporter: telling(exporter, log) })],
  });
  const tracer = provider.getTracer('oms-webhooks');

  function start(name: string, options: SpanOptions): Span {
    const { kind = 'internal', parent, links = [], attributes = {}, startedAt } = options;
    const span = tracer.startSpan(
      name,
      {
        kind: KINDS[kind],
        links: links.map((link) => ({ context: spanContextOf(link) })),
        attributes,
        ...(startedAt !== undefined && { startTime: startedAt }),
      },
      parent === null ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, spanContextOf(parent)),
    );
    const { traceId, spanId, traceFlags } = span.spanContext();
    return {
      traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
      end({ name: better, attributes: more, error } = {}) {
        if (better !== undefined) span.updateName(better);
        if (more) span.setAttributes(more);
        if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: error });
        span.end();
      },
    };
  }

  return { start, close: () => provider.shutdown() };
}

function spanContextOf(traceparent: string): SpanContext {
  const [, traceId = '', spanId = '', flags = '00'] = traceparent.split('-');
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
}

/** Spans that no collector takes are dropped; once that begins, and once it is over, the log says so. */
function telling(exporter: OTLPTraceExporter, log: Log): SpanExporter {
  let isFailing = false;
  return {
    export(spans, done) {
      exporter.export(spans, (result) => {
        const fails = result.error !== undefined;
        if (fails && !isFailing)
          log.warn('traces cannot be sent to their collector, and are dropped', { error: result.error });
        if (!fails && isFailing) log.info('traces are collected again');
        isFailing = fails;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: () => exporter.forceFlush(),
  };
}
