import { EVENT_CATALOGUE } from '@oms-webhooks/domain';
import {
  booleanFilter,
  idParameter,
  notFound,
  pageOf,
  pageReply,
  partial,
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
import type { DataSource } from 'typeorm';
import { webhookJson } from '../webhook-events/event-json.ts';
import { eventTypeFilter } from '../webhook-events/event-type-filter.ts';
import { webhookBody, type WebhookBody } from './webhook-body.ts';
import { DuplicateWebhookError, WEBHOOK_ORDERINGS, WebhookStore } from './webhook-store.ts';

export interface WebhooksDeps {
  orm: DataSource;
  /** What is wrong with a URL that would be sent to; undefined when nothing is. */
  checkTarget: (url: string) => Promise<string | undefined>;
}

/** `/whisperer/hooks/`: an account registers its webhooks, reads, changes and deletes them. */
export function webhooksRoutes({ orm, checkTarget }: WebhooksDeps): Route[] {
  const store = new WebhookStore(orm);
  const whole = webhookBody(EVENT_CATALOGUE);
  const changes = partial(whole);

  async function create(request: ApiRequest): Promise<Reply> {
    const body = validate(whole, (await request.body()).value);
    await requireTargets(body, checkTarget);
    const created = await store.create(request.account, body).catch(answerDuplicate);
    return { status: 201, raw: webhookJson(created) };
  }

  async function list({ query, account, absoluteUrl }: ApiRequest): Promise<Reply> {
    const filters = readFilters(query, {
      target_url: textFilter,
      event_type: eventTypeFilter,
      is_active: booleanFilter,
    });
    const page = pageOf(absoluteUrl, await store.count(account, filters));
    const rows = await store.list(account, filters, readOrdering(query, WEBHOOK_ORDERINGS), page);
    return pageReply(page, rows.map(webhookJson));
  }

  async function detail({ account, params }: ApiRequest): Promise<Reply> {
    const webhook = await store.find(account, idParameter(params.id));
    if (!webhook) throw notFound();
    return { status: 200, raw: webhookJson(webhook) };
  }

  const change = (schema: typeof whole | typeof changes) => async (request: ApiRequest) => {
    const id = idParameter(request.params.id);
    if (!(await store.find(request.account, id))) throw notFound();
    const body: Partial<WebhookBody> = validate<Partial<WebhookBody>>(schema, (await request.body()).value);
    await requireTargets(body, checkTarget);
    const webhook = await store.change(request.account, id, body).catch(answerDuplicate);
    if (!webhook) throw notFound();
    return { status: 200, raw: webhookJson(webhook) };
  };

  async function remove({ account, params }: ApiRequest): Promise<Reply> {
    if (!(await store.delete(account, idParameter(params.id)))) throw notFound();
    return { status: 204 };
  }

  return [
    { path: '/whisperer/hooks/', GET: list, POST: create },
    { path: '/whisperer/hooks/registry/', GET: () => ({ status: 200, json: [...EVENT_CATALOGUE.keys()] }) },
    {
      path: '/whisperer/hooks/:id/',
      GET: detail,
      PUT: change(whole),
      PATCH: change(changes),
      DELETE: remove,
    },
  ];
}

function answerDuplicate(error: unknown): never {
  if (error instanceof DuplicateWebhookError)
    throw refusedWithCode('webhook_100_2', 'Webhook already registered');
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
