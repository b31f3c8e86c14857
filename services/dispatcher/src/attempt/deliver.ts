import { cancelEvents, releaseFollowers } from '@oms-webhooks/db';
import {
  failureText,
  leaseSuffices,
  recordedStatus,
  type DispatchedEvent,
  type Instant,
  type NextStep,
  type Outcome,
  type Webhook,
} from '@oms-webhooks/domain';
import { traceIdOf, type Log, type Tracing } from '@oms-webhooks/telemetry';
import type { Dispatcher } from 'undici';
import type { DispatcherMetrics } from '../metrics.ts';
import type { WebhookHealth } from '../webhook-health/webhook-health.ts';
import type { Announcer } from './announce.ts';
import { AttemptTrace } from './attempt-trace.ts';
import { EgressProxyError } from './egress-proxy.ts';
import type { HeldLeases } from './held-leases.ts';
import { prepare, type PrepareDeps } from './prepare.ts';
import type { AttemptRecorder } from './record.ts';
import { send } from './send.ts';

export interface DeliverDeps extends PrepareDeps {
  agent: Dispatcher;
  timeoutMs: number;
  recorder: AttemptRecorder;
  announcer: Pick<Announcer, 'announce'>;
  leases: Pick<HeldLeases, 'reclaim'>;
  /** Gives an event back to the due-scan. Never rejects. */
  giveBack: (event: DispatchedEvent) => Promise<void>;
  /** The same for an event that has to wait for the egress proxy. */
  postpone: (event: DispatchedEvent) => Promise<void>;
  /** Milliseconds until the egress proxy is worth asking again; 0 for now. */
  proxyPauseMs: () => number;
  /** An attempt was recorded; another is due then. */
  retryAt: (webhookId: number, instant: Instant) => void;
  /** Something of this webhook has just become due. */
  wake: (webhookId: number) => void;
  health: Pick<WebhookHealth, 'note' | 'disable'>;
  metrics: Pick<DispatcherMetrics, 'attempted' | 'cancelled'>;
  tracing?: Tracing | undefined;
  log: Log;
}

/**
 * One attempt: prepare ▶ send ▶ record. Answers the outcome, or undefined when nothing was sent. Never rejects: what
 * goes wrong on our own side is logged, and the event comes back when its lease runs out.
 * @param stillOurs whether nobody else can have claimed the event while it waited here
 */
export async function deliver(
  event: DispatchedEvent,
  stillOurs: () => boolean,
  deps: DeliverDeps,
): Promise<Outcome | undefined> {
  const { agent, timeoutMs, recorder, leases, now, log } = deps;
  const trace = deps.tracing && new AttemptTrace(deps.tracing, event);
  let outcome: Outcome | undefined;
  try {
    if (!leaseSuffices(event.lease, now(), timeoutMs)) return void (await deps.giveBack(event));
    if (deps.proxyPauseMs() > 0) return void (await deps.postpone(event));

    const prepared = await prepare(event, deps);
    if (prepared.kind === 'lost') return undefined;
    if (prepared.kind === 'cancelled') return void (await cancel(event, prepared.reason, deps));
    // Looking a resource up may have taken long, and so may a process that was stopped and continued.
    if (!leaseSuffices(event.lease, now(), timeoutMs)) return void (await deps.giveBack(event));
    if (!stillOurs() && !(await leases.reclaim(event))) return undefined;

    const { webhook } = prepared;
    if (prepared.kind === 'request') trace?.sending(prepared.request);
    outcome =
      prepared.kind === 'request'
        ? await send(prepared.request, { agent, timeoutMs, now })
        : prepared.outcome;

    trace?.recording(outcome);
    const next = await recorder.record(event, webhook, outcome);
    deps.metrics.attempted(event, outcome, next);
    log.info('attempt', {
      event: event.uuid,
      webhook: webhook.id,
      event_type: event.eventType,
      attempt: event.attempts + 1,
      cause: event.cause,
      status: recordedStatus(outcome),
      error: failureText(outcome) ?? undefined,
      duration_ms: Math.round(outcome.durationMs),
      state: next?.state ?? 'lease lost',
      trace_id: traceIdOf(event.traceparent),
    });
    await followUp(event, webhook, outcome, next, deps);
    return outcome;
  } catch (error) {
    if (error instanceof EgressProxyError) return void (await deps.postpone(event));
    log.error('an attempt could not be made or recorded; the event comes back when its lease runs out', {
      event: event.uuid,
      webhook: event.webhookId,
      error,
    });
    return undefined;
  } finally {
    trace?.end(outcome);
  }
}

/** What a recorded attempt means for others. The attempt stands, whatever goes wrong here. */
async function followUp(
  event: DispatchedEvent,
  webhook: Webhook,
  outcome: Outcome,
  next: NextStep | undefined,
  { health, announcer, authorization, retryAt, wake, pool, log }: DeliverDeps,
): Promise<void> {
  try {
    announcer.announce(event, outcome, next);
    health.note(webhook, event, outcome, next);
    if (outcome.kind === 'answered' && outcome.status === 401) authorization.refused(webhook.id);
    if (next?.state === 'retrying') retryAt(webhook.id, next.nextAttemptAt);
    if (next?.state === 'cancelled') await health.disable(webhook.id, next.disableWebhook);
    if (event.ordered && next && next.state !== 'retrying') {
      await releaseFollowers(pool, [event]);
      wake(webhook.id);
    }
  } catch (error) {
    log.error('an attempt is recorded, but what follows from it could not be done', {
      event: event.uuid,
      webhook: webhook.id,
      error,
    });
  }
}

async function cancel(
  event: DispatchedEvent,
  reason: string,
  { pool, wake, metrics }: DeliverDeps,
): Promise<void> {
  await cancelEvents(pool, [event], reason);
  metrics.cancelled();
  if (!event.ordered) return;
  await releaseFollowers(pool, [event]);
  wake(event.webhookId);
}
