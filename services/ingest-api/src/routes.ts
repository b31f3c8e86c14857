import type { Route } from '@oms-webhooks/http';
import { tokensRoutes } from './accounts/tokens-routes.ts';
import type { TokenStore } from './accounts/token-store.ts';
import { auditRoutes } from './audit/audit-routes.ts';
import { setupRoutes, type SetupDeps } from './setup/setup-routes.ts';
import { domainEventsRoutes, type DomainEventsDeps } from './domain-events/domain-events-routes.ts';
import { eventTypesRoutes } from './event-types/event-types-routes.ts';
import { streamEvents, type StreamDeps } from './event-stream/stream-events.ts';
import { resendTasksRoutes, type ResendTasksDeps } from './resend-tasks/resend-tasks-routes.ts';
import {
  eventDetail,
  listAttempts,
  listEvents,
  listUndelivered,
  type ListDeps,
} from './webhook-events/event-lists.ts';
import { publishEvent, type PublishDeps } from './webhook-events/publish-event.ts';
import { resendEvent, retryEvent, type ResendDeps } from './webhook-events/resend-event.ts';
import { failingWebhooks } from './webhooks/failing-webhooks.ts';
import { testWebhook, type TestDeps } from './webhooks/test-webhook.ts';
import { webhookHistory } from './webhooks/webhook-history.ts';
import { webhookStats, type StatsDeps } from './webhooks/webhook-stats.ts';
import { webhooksRoutes, type WebhooksDeps } from './webhooks/webhooks-routes.ts';

export type RoutesDeps = PublishDeps &
  DomainEventsDeps &
  ListDeps &
  ResendDeps &
  ResendTasksDeps &
  StreamDeps &
  WebhooksDeps &
  TestDeps &
  StatsDeps &
  SetupDeps & { tokens: TokenStore };

/** Every URL of the ingest API, and what serves it. */
export function routes(deps: RoutesDeps): Route[] {
  return [
    { path: '/api/v1/oms/oms_hook_events/publish-event/', POST: publishEvent(deps) },
    ...domainEventsRoutes(deps),
    ...eventTypesRoutes(deps),
    { path: '/api/v1/oms/oms_hook_events/resend-event/', POST: resendEvent(deps) },
    ...resendTasksRoutes(deps),
    { path: '/api/v1/oms/oms_hook_events/stream/', GET: streamEvents(deps) },
    { path: '/api/v1/oms/oms_hook_events/', GET: listEvents(deps) },
    { path: '/api/v1/oms/oms_hook_events/:id/', GET: eventDetail(deps) },
    { path: '/api/v1/oms/oms_hook_events/:id/attempts/', GET: listAttempts(deps) },
    { path: '/api/v1/oms/settings/undelivered_webhooks/', GET: listUndelivered(deps) },
    ...webhooksRoutes(deps),
    { path: '/whisperer/hooks/failing/', GET: failingWebhooks(deps) },
    { path: '/whisperer/hooks/:id/test/', POST: testWebhook(deps) },
    { path: '/whisperer/hooks/:id/stats/', GET: webhookStats(deps) },
    { path: '/whisperer/hooks/:id/history/', GET: webhookHistory(deps) },
    { path: '/whisperer/hook_events/', GET: listEvents(deps) },
    { path: '/whisperer/hook_events/:id/', GET: eventDetail(deps) },
    { path: '/whisperer/hook_events/:id/retry/', POST: retryEvent(deps) },
    ...setupRoutes(deps),
    ...tokensRoutes(deps.tokens),
    ...auditRoutes(deps.orm),
  ];
}
