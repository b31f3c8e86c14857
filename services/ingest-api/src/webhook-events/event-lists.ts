import type { ContentTypes } from '@oms-webhooks/config';
import { deliveryAttemptEntity, type WebhookEventRow } from '@oms-webhooks/db';
import type { ResponseContentFormat } from '@oms-webhooks/domain';
import {
  corrected,
  idParameter,
  notFound,
  pageOf,
  pageReply,
  type ApiRequest,
  type Reply,
  type View,
} from '@oms-webhooks/http';
import type { DataSource } from 'typeorm';
import { countEvents } from './count-events.ts';
import {
  applyEventFilters,
  applyOrdering,
  eventsOf,
  visibleEvents,
  type EventQuery,
} from './event-filters.ts';
import { attemptJson, eventJson } from './event-json.ts';
import { eventsOfPage } from './event-page.ts';

/** A list's `count` is exact up to here: some milliseconds, also where rows have to be looked at. */
const MOST_COUNTED = 10_000;

export interface ListDeps {
  orm: DataSource;
  contentTypes: ContentTypes;
  responseContentFormat: ResponseContentFormat;
}

/** `GET …/oms_hook_events/` */
export const listEvents =
  (deps: ListDeps): View =>
  (request) =>
    listOf(request, eventsOf(deps.orm, request.account), deps);

/**
 * `GET …/undelivered_webhooks/`: what is not delivered, after at least one attempt, or when a minute has passed
 * without one.
 */
export const listUndelivered =
  (deps: ListDeps): View =>
  (request) =>
    listOf(
      request,
      eventsOf(deps.orm, request.account)
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
  { orm, contentTypes, responseContentFormat }: ListDeps,
): Promise<Reply> {
  await applyEventFilters(query, request.query, request.account, contentTypes);
  applyOrdering(query, request.query);
  const { absoluteUrl } = request;
  const wantsLast = request.query.getAll('page').at(-1) === 'last';
  // Which rows a page has does not depend on the count, unless it is the last one: both are asked for at once.
  const [counted, early] = await Promise.all([
    countEvents(orm, query, wantsLast ? undefined : MOST_COUNTED),
    wantsLast ? undefined : eventsOfPage(orm, query, pageOf(absoluteUrl, 0, true)),
  ]);
  const page = pageOf(absoluteUrl, counted.count, counted.estimated);
  const events = early ?? (await eventsOfPage(orm, query, page));
  const shown = events.slice(0, page.limit);
  return pageReply(
    counted.estimated ? corrected(page, events.length) : page,
    shown.map((event) => eventJson(event, responseContentFormat)),
  );
}
