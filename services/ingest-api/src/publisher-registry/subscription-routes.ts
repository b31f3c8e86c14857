import type { Subscription } from '@oms-webhooks/db';
import { parseUuid, validate, validationFailed, type ApiRequest, type Route } from '@oms-webhooks/http';
import { appIdJson } from './app-json.ts';
import { cursorPage, readCursorPage } from './cursor-pages.ts';
import { PATHS } from './operations.ts';
import { tenantOf } from './os1-headers.ts';
import { refuse } from './refusals.ts';
import { eventsChange, subscriptionBody, subscriptionChanges } from './subscription-body.ts';
import type { SubscriptionDetails, SubscriptionKey, SubscriptionStore } from './subscription-store.ts';

export interface SubscriptionsDeps {
  /** What is wrong with a URL that would be sent to; undefined when nothing is. */
  checkTarget: (url: string) => Promise<string | undefined>;
}

/** Subscriptions: made, listed, read, changed, given other events, deleted. */
export function subscriptionRoutes(store: SubscriptionStore, { checkTarget }: SubscriptionsDeps): Route[] {
  async function requireTarget(url: string | undefined): Promise<void> {
    const fault = url === undefined ? undefined : await checkTarget(url);
    if (fault !== undefined) throw validationFailed({ webhook: { url: [fault] } });
  }

  return [
    {
      path: PATHS.subscriptions,
      async GET(request) {
        const tenant = tenantOf(request);
        const page = readCursorPage(request.query, isSubscriptionKey);
        const rows = await store.list(request.account, tenant, page);
        const { shown, meta } = cursorPage(rows, page.limit, ({ createdDate, id }) => [createdDate, id]);
        return { status: 200, json: { data: { meta, subscriptions: shown.map(listed) } } };
      },
      async POST(request) {
        const tenant = tenantOf(request);
        const body = validate(subscriptionBody, (await request.body()).value);
        await requireTarget(body.webhook.url);
        const created = await store.create(request.account, tenant, body);
        return { status: 201, json: { data: detailed(created) } };
      },
    },
    {
      path: PATHS.subscription,
      async GET(request) {
        const found = await store.find(request.account, tenantOf(request), idOf(request));
        return { status: 200, json: { data: detailed(found) } };
      },
      async PATCH(request) {
        const [tenant, id] = [tenantOf(request), idOf(request)];
        await store.find(request.account, tenant, id);
        const changes = validate(subscriptionChanges, (await request.body()).value);
        await requireTarget(changes.webhook?.url);
        const changed = await store.change(request.account, tenant, id, changes);
        return { status: 200, json: { data: detailed(changed) } };
      },
      async DELETE(request) {
        const id = idOf(request);
        await store.remove(request.account, tenantOf(request), id);
        return { status: 200, json: { data: { id } } };
      },
    },
    {
      path: PATHS.subscriptionEvents,
      async PATCH(request) {
        const [tenant, id] = [tenantOf(request), idOf(request)];
        await store.find(request.account, tenant, id);
        const change = validate(eventsChange, (await request.body()).value);
        const changed = await store.changeEvents(request.account, tenant, id, change);
        return { status: 200, json: { data: detailed(changed) } };
      },
    },
  ];
}

function idOf({ params }: ApiRequest): string {
  const id = parseUuid(params.id ?? '');
  if (id === undefined) throw refuse('unknown subscription', 'There is no such subscription.');
  return id;
}

const isSubscriptionKey = (key: unknown): key is SubscriptionKey =>
  Array.isArray(key) &&
  key.length === 2 &&
  Number.isSafeInteger(key[0]) &&
  typeof key[1] === 'string' &&
  parseUuid(key[1]) === key[1];

const listed = ({ id, description, topic, appId, isActive, customAttr }: Subscription) => ({
  id,
  description,
  topic,
  eventAppId: appIdJson(appId),
  isActive,
  customAttr,
});

/** Never with the signature key. `disabledEvents` says which of an active subscription are not delivered, and why. */
const detailed = ({ subscription, webhooks }: SubscriptionDetails) => ({
  ...listed(subscription),
  events: webhooks.map(({ eventType }) => eventType),
  webhook: { url: subscription.targetUrl },
  disabledEvents: webhooks.flatMap(({ eventType, disabledReason }) =>
    disabledReason === null ? [] : [{ name: eventType, reason: disabledReason }],
  ),
});
