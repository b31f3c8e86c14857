import type { Route } from '@oms-webhooks/http';
import type { DataSource } from 'typeorm';
import { appRoutes } from './app-routes.ts';
import { AppStore } from './app-store.ts';
import { eventRoutes } from './event-routes.ts';
import { EventStore } from './event-store.ts';
import { answeringRefusals } from './refusals.ts';
import { subscriptionRoutes, type SubscriptionsDeps } from './subscription-routes.ts';
import { SubscriptionStore } from './subscription-store.ts';
import { tryEventRoute, type TryEventDeps } from './topics/try-event.ts';

export type RegistryDeps = SubscriptionsDeps & TryEventDeps & { orm: DataSource };

/** Every URL of the OS1 family. */
export function registryRoutes(deps: RegistryDeps): Route[] {
  return answeringRefusals([
    ...appRoutes(new AppStore(deps.orm)),
    ...eventRoutes(new EventStore(deps.orm)),
    tryEventRoute(deps),
    ...subscriptionRoutes(new SubscriptionStore(deps.orm), deps),
  ]);
}
