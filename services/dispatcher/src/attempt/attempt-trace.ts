import { failureText, type DispatchedEvent, type Outcome } from '@oms-webhooks/domain';
import type { Span, Tracing } from '@oms-webhooks/telemetry';
import type { PreparedRequest } from './send.ts';

/**
 * The spans of one attempt: the attempt, and in it prepare, send and record, one after the other. Every attempt of an
 * event is in the trace of its publisher, the first as the last.
 */
export class AttemptTrace {
  readonly #tracing: Tracing;
  readonly #attempt: Span;
  #step: Span;

  constructor(tracing: Tracing, event: DispatchedEvent) {
    this.#tracing = tracing;
    this.#attempt = tracing.start('attempt', {
      parent: event.traceparent,
      attributes: {
        'oms.event.uuid': event.uuid,
        'oms.event.type': event.eventType,
        'oms.webhook.id': event.webhookId,
        'oms.attempt.number': event.attempts + 1,
        'oms.attempt.cause': event.cause,
      },
    });
    event.traceparent = this.#attempt.traceparent;
    this.#step = this.#begin('prepare');
  }

  /** The target is told the span of the request, unless the webhook's own headers tell it another. */
  sending(request: PreparedRequest): void {
    this.#step.end();
    this.#step = this.#tracing.start('POST', {
      kind: 'client',
      parent: this.#attempt.traceparent,
      attributes: { 'http.request.method': 'POST', 'server.address': new URL(request.url).host },
    });
    if (request.headers.traceparent === this.#attempt.traceparent)
      request.headers.traceparent = this.#step.traceparent;
  }

  recording(outcome: Outcome): void {
    const answered = outcome.kind === 'answered';
    const error = failureText(outcome) ?? undefined;
    this.#step.end({
      attributes: answered
        ? { 'http.response.status_code': outcome.status }
        : { 'error.type': outcome.failure },
      error,
    });
    this.#step = this.#begin('record');
  }

  /** @param outcome undefined when nothing was sent */
  end(outcome: Outcome | undefined): void {
    this.#step.end();
    this.#attempt.end({ error: outcome && (failureText(outcome) ?? undefined) });
  }

  #begin(name: string): Span {
    return this.#tracing.start(name, { parent: this.#attempt.traceparent });
  }
}
