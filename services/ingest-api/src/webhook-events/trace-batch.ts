import type { DispatchedEvent } from '@oms-webhooks/domain';
import { isRecorded, type Tracing } from '@oms-webhooks/telemetry';

/** What a span may have. */
const MOST_LINKS = 128;

type Traced = { traceparent: string | null };

/**
 * The commit of a batch: a span for the commit itself, and one in the trace of each publisher that waited for it. They
 * are linked, since the commit belongs to all of these traces.
 * @param startedAt epoch ms
 */
export function traceCommit(tracing: Tracing, events: readonly Traced[], startedAt: number): void {
  const traces = recordedTraces(events);
  if (traces.length === 0) return;
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.batch.size': events.length };
  const links = traces.slice(0, MOST_LINKS);
  const commit = tracing.start('commit', { kind: 'client', parent: null, links, startedAt, attributes });
  for (const parent of traces) {
    tracing
      .start('insert webhook_event', {
        kind: 'client',
        parent,
        links: [commit.traceparent],
        startedAt,
        attributes,
      })
      .end();
  }
  commit.end();
}

/**
 * The sending of events through Kafka: a span in each of their traces, which is the parent of what their consumer does.
 * @returns the messages as they are to be sent, and what ends the spans
 */
export function traceSending(
  tracing: Tracing,
  messages: DispatchedEvent[][],
): { messages: DispatchedEvent[][]; end: (error?: string) => void } {
  const spans = new Map(
    recordedTraces(messages.flat()).map((parent) => [
      parent,
      tracing.start('send oms.webhook-dispatch', {
        kind: 'producer',
        parent,
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'oms.webhook-dispatch' },
      }),
    ]),
  );
  const within = (event: DispatchedEvent): DispatchedEvent => {
    const span = event.traceparent === null ? undefined : spans.get(event.traceparent);
    return span ? { ...event, traceparent: span.traceparent } : event;
  };
  return {
    messages: messages.map((events) => events.map(within)),
    end: (error) => {
      for (const span of spans.values()) span.end({ error });
    },
  };
}

const recordedTraces = (events: readonly Traced[]): string[] => [
  ...new Set(
    events.flatMap(({ traceparent }) =>
      traceparent !== null && isRecorded(traceparent) ? [traceparent] : [],
    ),
  ),
];
