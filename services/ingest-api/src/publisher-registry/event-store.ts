import { publishedEventEntity, type PublishedEvent, type RegistryTopic } from '@oms-webhooks/db';
import type { Caller } from '@oms-webhooks/http';
import { In, type DataSource, type EntityManager } from 'typeorm';
import { appIdJson } from './app-json.ts';
import { ownApp } from './app-store.ts';
import type { CursorPage } from './cursor-pages.ts';
import type { EventBody, RegisterBody } from './event-body.ts';
import { refuse } from './refusals.ts';
import { recordEventChange } from './registry-audit.ts';
import { changeRegistry } from './registry-lock.ts';
import { deactivateSubscribers, renameForSubscribers } from './event-subscribers.ts';

/** The published events of a tenant. Everybody in it sees them; only their own app changes them. */
export class EventStore {
  readonly #orm: DataSource;

  constructor(orm: DataSource) {
    this.#orm = orm;
  }

  /** In the order in which they were registered; one more than the page shows, if there is one. */
  list(
    tenant: string,
    topic: RegistryTopic,
    { after, limit }: CursorPage<[number]>,
  ): Promise<PublishedEvent[]> {
    return this.#orm
      .getRepository(publishedEventEntity)
      .createQueryBuilder('e')
      .innerJoin('e.app', 'a')
      .where('a.tenant = :tenant AND e.topic = :topic AND e.id > :after', {
        tenant,
        topic,
        after: after?.[0] ?? 0,
      })
      .orderBy('e.id')
      .limit(limit + 1)
      .getMany();
  }

  /** All of them, or none when one of the names is taken. */
  register(
    caller: Caller,
    tenant: string,
    topic: RegistryTopic,
    { getApiPath = null, events }: RegisterBody,
  ): Promise<PublishedEvent[]> {
    return this.#orm.transaction(async (manager) => {
      await changeRegistry(manager);
      const app = await ownApp(manager, caller, tenant);
      for (const { appId } of events) requireOwn(appId, app.id);
      await requireFree(
        manager,
        app.id,
        topic,
        events.map(({ name }) => name),
      );
      const { identifiers } = await manager.insert(
        publishedEventEntity,
        events.map((event) => ({
          appId: app.id,
          topic,
          name: event.name,
          type: event.type,
          description: event.description ?? '',
          eventType: event.eventType,
          filterLogic: event.filterLogic ?? null,
          getApiPath: event.getApiPath === undefined ? getApiPath : event.getApiPath,
        })) as object[],
      );
      const registered = await manager.find(publishedEventEntity, {
        where: { id: In(identifiers.map(({ id }) => id as number)) },
        order: { id: 'ASC' },
      });
      for (const after of registered)
        await recordEventChange(manager, caller, after.id, { action: 'create', after });
      return registered;
    });
  }

  /** Applies each of the details to the event, in their order. Its subscribers follow it to a new name. */
  change(
    caller: Caller,
    tenant: string,
    topic: RegistryTopic,
    name: string,
    details: Partial<EventBody>[],
  ): Promise<PublishedEvent> {
    return this.#orm.transaction(async (manager) => {
      await changeRegistry(manager);
      const [before] = await ownEvents(manager, caller, tenant, topic, [name]);
      if (!before) throw refuse('unknown events', 'There is no such event.');
      for (const { appId } of details) requireOwn(appId, before.appId);
      const wanted = details.reduce((merged, detail) => ({ ...merged, ...detail }), {});
      const { id } = before;
      if (wanted.name !== undefined && wanted.name !== name)
        await requireFree(manager, before.appId, topic, [wanted.name]);
      await manager
        .createQueryBuilder()
        .update(publishedEventEntity)
        .set({ ...columnsOf(wanted), modifiedDate: () => 'now()' })
        .where({ id })
        .execute();
      const after = await manager.findOneByOrFail(publishedEventEntity, { id });
      if (after.name !== name) await renameForSubscribers(manager, id, after.name);
      await recordEventChange(manager, caller, id, { action: 'update', before, after });
      return after;
    });
  }

  /** All of them, or none when one is not there. @returns how many subscriptions have lost an event by it */
  remove(caller: Caller, tenant: string, topic: RegistryTopic, names: string[]): Promise<number> {
    return this.#orm.transaction(async (manager) => {
      await changeRegistry(manager);
      const events = await ownEvents(manager, caller, tenant, topic, names);
      const subscriptions = new Set<string>();
      for (const event of events) {
        for (const id of await deactivateSubscribers(manager, event)) subscriptions.add(id);
        await recordEventChange(manager, caller, event.id, { action: 'delete', before: event });
      }
      await manager.delete(
        publishedEventEntity,
        events.map(({ id }) => id),
      );
      return subscriptions.size;
    });
  }
}

/** The events of these names that the caller's app has registered. Refuses, naming those that it has not. */
async function ownEvents(
  manager: EntityManager,
  caller: Caller,
  tenant: string,
  topic: RegistryTopic,
  names: string[],
): Promise<PublishedEvent[]> {
  const events = await manager.find(publishedEventEntity, {
    where: { topic, name: In(names), app: { tenant } },
    relations: { app: true },
    order: { id: 'ASC' },
  });
  const own = events.filter(({ app }) => app.accountId === caller.accountId);
  const missing = names.filter((name) => !own.some((event) => event.name === name));
  if (missing.length === 0) return own;
  const faults = missing.map((message) => ({ field: 'events', message }));
  throw missing.every((name) => events.some((event) => event.name === name))
    ? refuse("another app's", `Published by another app: ${missing.join(', ')}.`, faults)
    : refuse('unknown events', `Not registered on ${topic}: ${missing.join(', ')}.`, faults);
}

async function requireFree(
  manager: EntityManager,
  appId: string,
  topic: RegistryTopic,
  names: string[],
): Promise<void> {
  const taken = await manager.findBy(publishedEventEntity, { appId, topic, name: In(names) });
  if (taken.length === 0) return;
  throw refuse(
    'events exist',
    `Registered on ${topic} already: ${taken.map(({ name }) => name).join(', ')}.`,
    taken.map(({ name }) => ({ field: 'events', message: name })),
  );
}

function requireOwn(appId: string | undefined, own: string): void {
  if (appId !== undefined && appId !== appIdJson(own))
    throw refuse("another app's", `${appId} is not the app of this account.`);
}

function columnsOf({
  name,
  type,
  description,
  eventType,
  filterLogic,
  getApiPath,
}: Partial<EventBody>): object {
  const columns = { name, type, description, eventType, filterLogic, getApiPath };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
