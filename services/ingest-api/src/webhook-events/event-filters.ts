import type { ContentTypes } from '@oms-webhooks/config';
import { webhookEntity, webhookEventEntity, type WebhookEventRow } from '@oms-webhooks/db';
import { EVENT_STATES, formatInstant } from '@oms-webhooks/domain';
import {
  booleanFilter,
  choiceFilter,
  instantFilter,
  numberFilter,
  readFilters,
  readOrdering,
  textFilter,
  uuidFilter,
  validationFailed,
  type Caller,
} from '@oms-webhooks/http';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { eventTypeFilter } from './event-type-filter.ts';

export type EventQuery = SelectQueryBuilder<WebhookEventRow>;

/** Whose events: an account's own, or everybody's. */
export type Scope = Pick<Caller, 'accountId' | 'superuser'>;

/** The events that a caller may see. */
export function eventsOf(orm: Pick<DataSource, 'getRepository'>, caller: Scope): EventQuery {
  const query = orm.getRepository(webhookEventEntity).createQueryBuilder('e');
  // Every event has its webhook: whoever sees all of them need not ask.
  if (!caller.superuser)
    query.innerJoin('e.webhook', 'w').andWhere('w.account_id = :accountId', { accountId: caller.accountId });
  return query;
}

/** The same, each with its webhook. */
export function visibleEvents(orm: Pick<DataSource, 'getRepository'>, caller: Scope): EventQuery {
  const query = eventsOf(orm, caller);
  return caller.superuser ? query.innerJoinAndSelect('e.webhook', 'w') : query.addSelect('w');
}

/** What a list of events may be narrowed by. */
export const eventFilters = (contentTypes: ContentTypes) => ({
  uuid: uuidFilter,
  event_type: eventTypeFilter,
  response_http_status: numberFilter,
  delivered: booleanFilter,
  created_date: instantFilter,
  created_date__gt: instantFilter,
  created_date__gte: instantFilter,
  created_date__lt: instantFilter,
  created_date__lte: instantFilter,
  object_id: textFilter,
  content_type: numberFilter,
  webhook: numberFilter,
  state: choiceFilter(EVENT_STATES),
  model: choiceFilter(Object.keys(contentTypes)),
  q: textFilter,
});

/** Narrows a query by a list's parameters. Throws 400 for those that cannot be read. */
export async function applyEventFilters(
  query: EventQuery,
  parameters: URLSearchParams,
  caller: Scope,
  contentTypes: ContentTypes,
): Promise<void> {
  const filters = readFilters(parameters, eventFilters(contentTypes));
  const { webhook, model, q, delivered } = filters;
  if (webhook !== undefined) await requireWebhook(query, webhook, caller);

  const equal = {
    ...filters,
    content_type: filters.content_type ?? (model === undefined ? undefined : contentTypes[model]?.id),
  };
  for (const column of ['uuid', 'event_type', 'object_id', 'state'] as const) {
    if (equal[column] !== undefined) query.andWhere(`e.${column} = :${column}`, { [column]: equal[column] });
  }
  // As numeric: a filter may be larger than the column, or have decimals, and then matches nothing.
  for (const [column, value] of [
    ['response_http_status', equal.response_http_status],
    ['content_type', equal.content_type],
    ['webhook_id', webhook],
  ] as const) {
    if (value === undefined) continue;
    query.andWhere(
      Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? `e.${column} = :${column}` : 'false',
      {
        [column]: value,
      },
    );
  }
  // What was answered otherwise is not delivered: said for the planner, whose index of statuses holds no delivered ones.
  const status = equal.response_http_status;
  if (status !== undefined && (status < 200 || status > 299)) query.andWhere(`e.state <> 'delivered'`);
  if (delivered !== undefined) query.andWhere(delivered ? `e.state = 'delivered'` : `e.state <> 'delivered'`);
  for (const [name, comparison] of Object.entries(DATE_COMPARISONS)) {
    const instant = filters[name as keyof typeof DATE_COMPARISONS];
    if (instant !== undefined)
      query.andWhere(`e.created_date ${comparison} :${name}`, { [name]: formatInstant(instant) });
  }
  if (q !== undefined) search(query, q);
}

export const DATE_COMPARISONS = {
  created_date: '=',
  created_date__gt: '>',
  created_date__gte: '>=',
  created_date__lt: '<',
  created_date__lte: '<=',
} as const;

async function requireWebhook(query: EventQuery, id: number, caller: Scope): Promise<void> {
  const owner = caller.superuser ? {} : { accountId: caller.accountId };
  const possible = Number.isInteger(id) && Math.abs(id) < 2 ** 31;
  const found = possible && (await query.connection.getRepository(webhookEntity).existsBy({ id, ...owner }));
  if (!found) {
    throw validationFailed({
      webhook: ['Select a valid choice. That choice is not one of the available choices.'],
    });
  }
}

/**
 * `q`: an object id; or, from 8 hexadecimal digits on, also a uuid or its beginning, which is a range of uuids.
 */
function search(query: EventQuery, text: string): void {
  const digits = text.replaceAll('-', '').toLowerCase();
  if (!/^[0-9a-f]{8,32}$/.test(digits)) {
    query.andWhere('e.object_id = :q', { q: text });
    return;
  }
  query.andWhere('(e.object_id = :q OR e.uuid BETWEEN :first AND :last)', {
    q: text,
    first: digits.padEnd(32, '0'),
    last: digits.padEnd(32, 'f'),
  });
}

const ORDERINGS = {
  id: 'e.id',
  created_date: 'e.createdDate',
  modified_date: 'e.modifiedDate',
  uuid: 'e.uuid',
  event_type: 'e.eventType',
  response_http_status: 'e.responseHttpStatus',
  retry_count: 'e.attempts',
  object_id: 'e.objectId',
  content_type: 'e.contentType',
  state: 'e.state',
  next_attempt_at: 'e.nextAttemptAt',
} as const;

export const EVENT_ORDERINGS = Object.keys(ORDERINGS) as (keyof typeof ORDERINGS)[];

/** Newest first, unless `ordering` says otherwise; the id decides between equals, so that pages never overlap. */
export function applyOrdering(query: EventQuery, parameters: URLSearchParams): void {
  const orders = readOrdering(parameters, EVENT_ORDERINGS);
  for (const { field, descending } of orders) query.addOrderBy(ORDERINGS[field], descending ? 'DESC' : 'ASC');
  if (!orders.some(({ field }) => field === 'id')) query.addOrderBy('e.id', 'DESC');
}
