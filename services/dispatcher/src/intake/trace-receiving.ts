import type { DispatchedEvent } from '@oms-webhooks/domain';
import { isRecorded, type Tracing } from '@oms-webhooks/telemetry';

/** A span for what a message brings, in each of its traces; the attempts of the events are what it causes. */
export function traceReceiving(tracing: Tracing, events: readonly DispatchedEvent[]): void {
  const received = new Map<string, string>();
  for (const event of events) {
    const parent = event.traceparent;
    if (parent === null || !isRecorded(parent)) continue;
    let traceparent = received.get(parent);
    if (traceparent === undefined) {
      const span = tracing.start('receive oms.webhook-dispatch', {
        kind: 'consumer',
        parent,
        attributes: { 'messaging.system': 'kafka', 'messaging.destination.name': 'oms.webhook-dispatch' },
      });
      span.end();
      received.set(parent, (traceparent = span.traceparent));
    }
    event.traceparent = traceparent;
  }
}
