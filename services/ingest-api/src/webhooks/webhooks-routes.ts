import {
  booleanFilter,
  idParameter,
  notFound,
  pageOf,
  pageReply,
  partial,
  permissionDenied,
  readFilters,
  readOrdering,
  refusedWithCode,
  textFilter,
  validate,
  validationFailed,
  type ApiRequest,
  type Messages,
  type Reply,
  type Route,
} from '@oms-webhooks/http';
import type Joi from 'joi';
import type { DataSource } from 'typeorm';
import type { EventTypes, KnownEventTypes } from '../event-types/event-types.ts';
import { NotPermittedError } from '../publisher-registry/plain-webhooks.ts';
import { webhookJson } from '../webhook-events/event-json.ts';
import { eventTypeFilter } from '../webhook-events/event-type-filter.ts';
import { SubscriptionWebhookError } from './subscription-webhook.ts';
import { webhookBody, type WebhookBody } from './webhook-body.ts';
import { DuplicateWebhookError, WEBHOOK_ORDERINGS, WebhookStore } from './webhook-store.ts';

export interface WebhooksDeps {
  orm: DataSource;
  eventTypes: EventTypes;
  /** What is wrong with a URL that would be sent to; undefined when nothing is. */
  checkTarget: (url: string) => Promise<string | undefined>;
}

interface Bodies {
  whole: Joi.ObjectSchema<WebhookBody>;
  changes: Joi.ObjectSchema<Partial<WebhookBody>>;
  /** Whether a type is known from publisher apps alone. */
  isPublished: (eventType: string | undefined) => boolean;
}

/** The parameters that narrow the list. */
export const webhookFilters = {
  target_url: textFilter,
  event_type: eventTypeFilter,
  is_active: booleanFilter,
};

/** `/whisperer/hooks/`: an account registers its webhooks, reads, changes and deletes them. */
export function webhooksRoutes({ orm, eventTypes, checkTarget }: WebhooksDeps): Route[] {
  const store = new WebhookStore(orm);
  const bodies = new WeakMap<KnownEventTypes, Bodies>();

  /** What may be said of a webhook, with the event types that are known by now. */
  async function bodiesFor(value: unknown): Promise<Bodies> {
    const types = await eventTypes.knownWith((value as Partial<WebhookBody> | null)?.event_type);
    const known = bodies.get(types);
    if (known) return known;
    const whole = webhookBody(types);
    const isPublished = (name = '') => types.get(name)?.source === 'published';
    const made = { whole, changes: partial(whole), isPublished };
    bodies.set(types, made);
    return made;
  }

  async function create(request: ApiRequest): Promise<Reply> {
    const { value } = await request.body();
    const { whole, isPublished } = await bodiesFor(value);
    const body = validate(whole, value);
    await requireTargets(body, checkTarget);
    const published = isPublished(body.event_type);
    const created = await store.create(request.account, body, published).catch(answerRefusal);
    return { status: 201, raw: webhookJson(created) };
  }

  async function list({ query, account, absoluteUrl }: ApiRequest): Promise<Reply> {
    const filters = readFilters(query, webhookFilters);
    const page = pageOf(absoluteUrl, await store.count(account, filters));
    const rows = await store.list(account, filters, readOrdering(query, WEBHOOK_ORDERINGS), page);
    return pageReply(page, rows.map(webhookJson));
  }

  async function detail({ account, params }: ApiRequest): Promise<Reply> {
    const webhook = await store.find(account, idParameter(params.id));
    if (!webhook) throw notFound();
    return { status: 200, raw: webhookJson(webhook) };
  }

  const change = (extent: 'whole' | 'changes') => async (request: ApiRequest) => {
    const id = idParameter(request.params.id);
    if (!(await store.find(request.account, id))) throw notFound();
    const { value } = await request.body();
    const { isPublished, [extent]: schema } = await bodiesFor(value);
    const body: Partial<WebhookBody> = validate<Partial<WebhookBody>>(schema, value);
    await requireTargets(body, checkTarget);
    const published = isPublished(body.event_type);
    const webhook = await store.change(request.account, id, body, published).catch(answerRefusal);
    if (!webhook) throw notFound();
    return { status: 200, raw: webhookJson(webhook) };
  };

  async function remove({ account, params }: ApiRequest): Promise<Reply> {
    if (!(await store.delete(account, idParameter(params.id)).catch(answerRefusal))) throw notFound();
    return { status: 204 };
  }

  async function registry(): Promise<Reply> {
    return { status: 200, json: [...(await eventTypes.known()).keys()] };
  }

  return [
    { path: '/whisperer/hooks/', GET: list, POST: create },
    { path: '/whisperer/hooks/registry/', GET: registry },
    {
      path: '/whisperer/hooks/:id/',
      GET: detail,
      PUT: change('whole'),
      PATCH: change('changes'),
      DELETE: remove,
    },
  ];
}

function answerRefusal(error: unknown): never {
  if (error instanceof DuplicateWebhookError)
    throw refusedWithCode('webhook_100_2', 'Webhook already registered');
  if (error instanceof NotPermittedError) throw permissionDenied();
  if (error instanceof SubscriptionWebhookError)
    throw error.fields.length === 0
      ? refusedWithCode('webhook_100_3', error.words)
      : validationFailed(Object.fromEntries(error.fields.map((name) => [name, [error.words]])));
  throw error;
}

/** Judges every URL that the body would have us send to: the target's and that of its token service. */
async function requireTargets(
  { target_url, config }: Partial<WebhookBody>,
  checkTarget: WebhooksDeps['checkTarget'],
): Promise<void> {
  const auth = config?.auth;
  const [target, login] = await Promise.all([
    target_url === undefined ? undefined : checkTarget(target_url),
    auth?.auth_type === 'token' ? checkTarget(auth.url) : undefined,
  ]);
  const messages: Record<string, Messages> = {};
  if (target !== undefined) messages.target_url = [target];
  if (login !== undefined) messages.config = { auth: { url: [login] } };
  if (target !== undefined || login !== undefined) throw validationFailed(messages);
}
