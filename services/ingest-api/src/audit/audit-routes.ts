import { AUDIT_ACTIONS, AUDIT_OBJECT_TYPES, auditEntryEntity, type AuditEntry } from '@oms-webhooks/db';
import { formatInstant, objectIdJson } from '@oms-webhooks/domain';
import {
  choiceFilter,
  instantFilter,
  pageOf,
  pageReply,
  readFilters,
  textFilter,
  type ApiRequest,
  type Caller,
  type Reply,
  type Route,
} from '@oms-webhooks/http';
import type { DataSource, SelectQueryBuilder } from 'typeorm';
import { DATE_COMPARISONS } from '../webhook-events/event-filters.ts';

/** `/api/v1/oms/audit/`: who changed which webhook, token or part of the publisher registry, and how; newest first. */
export function auditRoutes(orm: DataSource): Route[] {
  async function list({ account, query, absoluteUrl }: ApiRequest): Promise<Reply> {
    const entries = visibleEntries(orm, account);
    applyFilters(entries, query);
    const page = pageOf(absoluteUrl, await entries.getCount());
    const rows = await entries.orderBy('a.id', 'DESC').offset(page.offset).limit(page.limit).getMany();
    return pageReply(page, rows.map(entryJson));
  }
  return [{ path: '/api/v1/oms/audit/', GET: list }];
}

/** A superuser sees all; an account what it did itself, and what others did to its own. */
function visibleEntries(orm: DataSource, { superuser, accountId }: Caller): SelectQueryBuilder<AuditEntry> {
  const entries = orm.getRepository(auditEntryEntity).createQueryBuilder('a');
  if (!superuser) entries.where('(a.account_id = :accountId OR a.owner_id = :accountId)', { accountId });
  return entries;
}

export const auditFilters = {
  action: choiceFilter(AUDIT_ACTIONS),
  object_type: choiceFilter(AUDIT_OBJECT_TYPES),
  object_id: textFilter,
  account: textFilter,
  created_date: instantFilter,
  created_date__gt: instantFilter,
  created_date__gte: instantFilter,
  created_date__lt: instantFilter,
  created_date__lte: instantFilter,
};

function applyFilters(entries: SelectQueryBuilder<AuditEntry>, query: URLSearchParams): void {
  const filters = readFilters(query, auditFilters);
  for (const name of ['action', 'object_type', 'object_id', 'account'] as const) {
    if (filters[name] !== undefined) entries.andWhere(`a.${name} = :${name}`, { [name]: filters[name] });
  }
  for (const [name, comparison] of Object.entries(DATE_COMPARISONS)) {
    const instant = filters[name as keyof typeof DATE_COMPARISONS];
    if (instant !== undefined)
      entries.andWhere(`a.created_date ${comparison} :${name}`, { [name]: formatInstant(instant) });
  }
}

function entryJson(entry: AuditEntry): string {
  const { id, createdDate, account, tokenId, action, objectType, objectId, changes } = entry;
  const who = { id, created_date: formatInstant(createdDate), account, token: tokenId };
  const what = { action, object_type: objectType, object_id: JSON.parse(objectIdJson(objectId)) as unknown };
  return JSON.stringify({ ...who, ...what, changes });
}
