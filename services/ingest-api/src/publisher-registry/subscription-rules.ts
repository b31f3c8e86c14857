import {
  publishedEventEntity,
  publisherAppEntity,
  type PublishedEvent,
  type PublisherApp,
  type Subscription,
} from '@oms-webhooks/db';
import type { Caller } from '@oms-webhooks/http';
import { In, type EntityManager } from 'typeorm';
import { appIdJson } from './app-json.ts';
import { refuse, refuseField } from './refusals.ts';
import { missingFor } from './webhook-permissions.ts';

/** The app that is subscribed to. The registry must be relied on. */
export async function permittedApp(
  manager: EntityManager,
  caller: Caller,
  { tenant, appId }: Pick<Subscription, 'tenant' | 'appId'>,
): Promise<PublisherApp> {
  const app = await manager.findOneBy(publisherAppEntity, { id: appId, tenant });
  if (!app) throw refuseField('eventAppId', `${appIdJson(appId)} does not exist.`);
  const missing = await missingFor(manager, caller.accountId, app);
  if (missing.length === 0) return app;
  throw refuse(
    'permissions missing',
    `No role of this account holds every permission of ${app.name}; missing: ${missing.join(', ')}.`,
    missing.map((message) => ({ field: 'permissions', message })),
  );
}

/** The app's events of these names, in their order. The registry must be relied on. */
export async function eventsNamed(
  manager: EntityManager,
  { appId, topic }: Pick<Subscription, 'appId' | 'topic'>,
  names: readonly string[],
): Promise<PublishedEvent[]> {
  const found = await manager.findBy(publishedEventEntity, { appId, topic, name: In(names) });
  const byName = new Map(found.map((event) => [event.name, event]));
  const unknown = names.filter((name) => !byName.has(name));
  if (unknown.length === 0) return names.flatMap((name) => byName.get(name) ?? []);
  const where = `no event of ${appIdJson(appId)} on ${topic}.`;
  throw refuseField('events', ...unknown.map((name) => `"${name}" is ${where}`));
}
