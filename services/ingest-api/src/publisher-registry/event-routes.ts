import { REGISTRY_TOPICS, type PublishedEvent, type RegistryTopic } from '@oms-webhooks/db';
import { validate, type ApiRequest, type Route } from '@oms-webhooks/http';
import { appIdJson } from './app-json.ts';
import { cursorPage, readCursorPage } from './cursor-pages.ts';
import { deleteBody, registerBody, updateBody } from './event-body.ts';
import type { EventStore } from './event-store.ts';
import { PATHS } from './operations.ts';
import { tenantOf } from './os1-headers.ts';
import { refuse } from './refusals.ts';

/** registerEvents, getPublisherEvents, bulkDeleteEvents, updatePublisherEvents. */
export function eventRoutes(events: EventStore): Route[] {
  return [
    {
      path: PATHS.events,
      async GET(request) {
        const [tenant, topic] = [tenantOf(request), topicOf(request)];
        const page = readCursorPage(request.query, isEventKey);
        const rows = await events.list(tenant, topic, page);
        const { shown, meta } = cursorPage(rows, page.limit, ({ id }) => [id]);
        return { status: 200, json: { data: { events: shown.map(listedEvent), meta } } };
      },
      async POST(request) {
        const [tenant, topic] = [tenantOf(request), topicOf(request)];
        const body = validate(registerBody, (await request.body()).value);
        const registered = await events.register(request.account, tenant, topic, body);
        return { status: 201, json: { data: { events: registered.map(listedEvent) } } };
      },
      async DELETE(request) {
        const [tenant, topic] = [tenantOf(request), topicOf(request)];
        const names = validate(deleteBody, (await request.body()).value).events;
        const subscriptions = await events.remove(request.account, tenant, topic, names);
        return { status: 200, json: { data: { events: names, subscriptions } } };
      },
    },
    {
      path: PATHS.event,
      async PUT(request) {
        const [tenant, topic] = [tenantOf(request), topicOf(request)];
        const details = validate(updateBody, (await request.body()).value).events;
        const event = await events.change(request.account, tenant, topic, eventNameOf(request), details);
        return { status: 200, json: { data: { events: [eventDetails(event)] } } };
      },
    },
  ];
}

/** The topic in the path; another one is not there. */
export function topicOf({ params }: ApiRequest): RegistryTopic {
  const topic = REGISTRY_TOPICS.find((known) => known === params.topic);
  if (topic !== undefined) return topic;
  throw refuse('unknown topic', `${params.topic} is not a topic; there are ${REGISTRY_TOPICS.join(', ')}.`);
}

/** The event in the path; PostgreSQL's texts cannot hold NUL. */
export function eventNameOf({ params: { eventName = '' } }: ApiRequest): string {
  if (eventName.includes('\0')) throw refuse('unknown events', 'There is no such event.');
  return eventName;
}

const LARGEST_INT = 2 ** 31 - 1;

const isEventKey = (key: unknown): key is [number] =>
  Array.isArray(key) &&
  key.length === 1 &&
  Number.isInteger(key[0]) &&
  Math.abs(key[0] as number) <= LARGEST_INT;

/** The keys of the published guide in their order. */
const listedEvent = ({ name, type, appId, description }: PublishedEvent) => ({
  name,
  type,
  appId: appIdJson(appId),
  description,
});

const eventDetails = (event: PublishedEvent) => ({
  ...listedEvent(event),
  getApiPath: event.getApiPath,
  eventType: event.eventType,
  filterLogic: event.filterLogic,
});
