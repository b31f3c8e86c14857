import type { ContentTypes } from '@oms-webhooks/config';
import { deliveryAttemptEntity, type WebhookEventRow } from '@oms-webhooks/db';
import type { ResponseContentFormat } from '@oms-webhooks/domain';
import {
  idParameter,
  notFound,
  pageOf,
  pageReply,
  type ApiRequest,
  type Reply,
  type View,
} from '@oms-webhooks/http';
import type { DataSource } from 'typeorm';
import { applyEventFilters, applyOrdering, visibleEvents, type EventQuery } from './event-filters.ts';
import { attemptJson, eventJson } from './event-json.ts';

export interface ListDeps {
  orm: DataSource;
  contentTypes: ContentTypes;
  responseContentFormat: ResponseContentFormat;
}

/** `GET …/oms_hook_events/` */
export const listEvents =
  (deps: ListDeps): View =>
  (request) =>
    listOf(request, visibleEvents(deps.orm, request.account), deps);

/**
 * `GET …/undelivered_webhooks/`: what is not delivered, after at least one attempt, or when a minute has passed
 * without one.
 */
export const listUndelivered =
  (deps: ListDeps): View =>
  (request) =>
    listOf(
      request,
      visibleEvents(deps.orm, request.account)
        .andWhere(`e.state <> 'delivered'`)
        .andWhere(`(e.attempts > 0 OR e.created_date < now() - interval '60 seconds')`),
      deps,
    );

/** `GET …/oms_hook_events/{pk}/` */
export const eventDetail =
  (deps: ListDeps): View =>
  async (request) => ({
    status: 200,
    raw: eventJson(await findEvent(deps.orm, request), deps.responseContentFormat),
  });

/** `GET …/oms_hook_events/{pk}/attempts/`: newest first, as pages. */
export const listAttempts =
  ({ orm, responseContentFormat }: ListDeps): View =>
  async (request) => {
    const { id } = await findEvent(orm, request);
    const attempts = orm.getRepository(deliveryAttemptEntity);
    const page = pageOf(request.absoluteUrl, await attempts.countBy({ eventId: id }));
    const rows = await attempts.find({
      where: { eventId: id },
      order: { requestedAt: 'DESC' },
      skip: page.offset,
      take: page.limit,
    });
    return pageReply(
      page,
      rows.map((row) => attemptJson(row, responseContentFormat)),
    );
  };

/** The event that a path names, if the caller may see it; else 404. */
export async function findEvent(orm: DataSource, { account, params }: ApiRequest): Promise<WebhookEventRow> {
  const id = idParameter(params.id, Number.MAX_SAFE_INTEGER);
  const event = await visibleEvents(orm, account).andWhere('e.id = :id', { id }).getOne();
  if (!event) throw notFound();
  return event;
}

async function listOf(
  request: ApiRequest,
  query: EventQuery,
  { contentTypes, responseContentFormat }: ListDeps,
): Promise<Reply> {
  await applyEventFilters(query, request.query, request.account, contentTypes);
  const page = pageOf(request.absoluteUrl, await countOf(query));
  applyOrdering(query, request.query);
  const events = await query.offset(page.offset).limit(page.limit).getMany();
  return pageReply(
    page,
    events.map((event) => eventJson(event, responseContentFormat)),
  );
}

/** Not TypeORM's own count: for a key of two columns that is a DISTINCT over their texts. */
async function countOf(query: EventQuery): Promise<number> {
  const row = await query.clone().select('count(*)', 'count').getRawOne<{ count: number }>();
  return row?.count ?? 0;
}
