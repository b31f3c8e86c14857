export { createLogger, type Log, type LoggerOptions } from './log.ts';
export { createMetrics, type Counter, type Gauge, type Histogram, type Metrics } from './metrics.ts';
export { isRecorded, openTracing, traceIdOf, traceparentIn, type Span, type Tracing } from './tracing.ts';
export { sharedFor } from './shared-for.ts';
export { workerMetrics } from './worker-metrics.ts';
