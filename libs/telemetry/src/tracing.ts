import type { Log } from './log.ts';

/** Bounded, and never a secret: collectors keep them. */
type SpanAttributes = Record<string, string | number | boolean | undefined>;

export interface SpanOptions {
  kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** `traceparent` of whoever caused it; null begins a trace. */
  parent: string | null;
  /** `traceparent`s of steps in other traces that it shares its work with. */
  links?: readonly string[];
  attributes?: SpanAttributes;
  /** Epoch ms; now unless told. */
  startedAt?: number;
}

/** One step of a trace, under way. */
export interface Span {
  /** What the next step gets as its parent: `00-<trace>-<span>-<flags>`. */
  readonly traceparent: string;
  /** Once. `error`, in words, marks it as failed. */
  end(what?: { name?: string; attributes?: SpanAttributes; error?: string | undefined }): void;
}

/** Makes spans. Parents are named, not looked up: a batch belongs to many requests, and to none of them alone. */
export interface Tracing {
  start(name: string, options: SpanOptions): Span;
  /** Sends what is left, if that is soon done. */
  close(): Promise<void>;
}

export interface TracingOptions {
  service: string;
  /** Of a collector that speaks OTLP over HTTP; undefined for no traces. */
  endpoint: string | undefined;
  /** Of the traces that begin here, the share that is recorded, 0 to 1. Traces of callers are as their flag says. */
  share: number;
  log: Log;
}

/** Undefined where nobody collects traces; the SDK is then not even loaded. */
export async function openTracing({ endpoint, ...options }: TracingOptions): Promise<Tracing | undefined> {
  if (endpoint === undefined) return undefined;
  const { otlpTracing } = await import('./otlp-tracing.ts');
  return otlpTracing({ endpoint, ...options });
}

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** The trace that a request or record is part of; what is none is left out. */
export const traceparentIn = (text: unknown): string | null =>
  typeof text === 'string' && TRACEPARENT.test(text) ? text : null;

/** For log lines: the trace of a `traceparent`. */
export const traceIdOf = (traceparent: unknown): string | undefined =>
  traceparentIn(traceparent)?.split('-')[1];

/** Whether the steps before this one are recorded. */
export const isRecorded = (traceparent: string): boolean =>
  (Number.parseInt(traceparent.slice(-2), 16) & 1) === 1;
