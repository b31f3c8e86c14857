import { keepPayload, type WebhookCache } from '@oms-webhooks/db';
import {
  eventBody,
  withoutCustomAttributes,
  type DispatchedEvent,
  type Instant,
  type Outcome,
  type Webhook,
} from '@oms-webhooks/domain';
import type { Pool } from 'pg';
import { EgressProxyError } from './egress-proxy.ts';
import type { LookUps } from './look-ups.ts';
import { requestHeaders } from './request-headers.ts';
import type { PreparedRequest } from './send.ts';
import type { TargetAuthorization } from './target-authorization.ts';

/** What an event has become before it is sent. */
export type Prepared =
  | { kind: 'request'; webhook: Webhook; request: PreparedRequest }
  /** There is nothing to send: the attempt has failed already. */
  | { kind: 'failed'; webhook: Webhook; outcome: Outcome }
  /** The webhook is inactive or gone. */
  | { kind: 'cancelled'; reason: string }
  /** Somebody else has the event now. */
  | { kind: 'lost' };

export interface PrepareDeps {
  webhooks: WebhookCache;
  pool: Pool;
  lookUps: Pick<LookUps, 'resource'>;
  authorization: TargetAuthorization;
  now: () => Instant;
}

/** Makes a request of an event: its webhook as it is now, its payload (looked up on the first attempt), its headers. */
export async function prepare(event: DispatchedEvent, deps: PrepareDeps): Promise<Prepared> {
  const { webhooks, pool, lookUps, authorization, now } = deps;
  const startedAt = now();
  const webhook = await webhooks.get(event.webhookId);
  if (!webhook) return { kind: 'cancelled', reason: 'The webhook does not exist any more.' };
  if (!webhook.isActive)
    return { kind: 'cancelled', reason: webhook.disabledReason ?? 'The webhook is not active.' };

  const failed = (failure: 'lookup' | 'auth', error: unknown): Prepared => {
    const text = error instanceof Error ? error.message : String(error);
    const durationMs = (now() - startedAt) / 1000;
    return {
      kind: 'failed',
      webhook,
      outcome: { kind: 'failed', failure, error: text, startedAt, durationMs },
    };
  };

  let payload = event.payload;
  if (payload === null) {
    let resource: string;
    try {
      resource = await lookUps.resource(event);
    } catch (error) {
      return failed('lookup', error);
    }
    if (!webhook.customAttributes) resource = withoutCustomAttributes(resource);
    const kept = await keepPayload(pool, event, resource);
    if (kept === undefined) return { kind: 'lost' };
    payload = kept;
  }

  const body = Buffer.from(eventBody(event.eventType, event.uuid, payload));
  try {
    const header = await authorization.header(webhook);
    const headers = requestHeaders({ event, webhook, body, sentAt: now(), authorization: header });
    return { kind: 'request', webhook, request: { url: webhook.targetUrl, headers, body } };
  } catch (error) {
    if (error instanceof EgressProxyError) throw error;
    return failed('auth', error);
  }
}
