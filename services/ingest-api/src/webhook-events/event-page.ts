import { webhookEventEntity, type WebhookEventRow } from '@oms-webhooks/db';
import { formatInstant, type Instant } from '@oms-webhooks/domain';
import type { DataSource } from 'typeorm';
import type { EventQuery } from './event-filters.ts';

/** Which rows of a list. */
interface Stretch {
  offset: number;
  limit: number;
}

/**
 * The rows of one page, in the order of the query, each with its webhook. Their keys come first, from an index alone as
 * far as filters and ordering allow: page 1,000 would otherwise read all the rows before it, payloads included.
 * @returns one row more than `limit` where there is one
 */
export async function eventsOfPage(
  orm: DataSource,
  query: EventQuery,
  { offset, limit }: Stretch,
): Promise<WebhookEventRow[]> {
  const keys = await query
    .clone()
    .select('e.id', 'id')
    .addSelect('e.created_date', 'createdDate')
    .offset(offset)
    .limit(limit + 1)
    .getRawMany<{ id: number; createdDate: Instant }>();
  if (keys.length === 0) return [];
  const dates = keys.map(({ createdDate }) => createdDate);
  const rows = await orm
    .getRepository(webhookEventEntity)
    .createQueryBuilder('e')
    .innerJoinAndSelect('e.webhook', 'w')
    .where('e.id = ANY (:ids)', { ids: keys.map(({ id }) => id) })
    // For the planner: only the partitions between them.
    .andWhere('e.created_date BETWEEN :first AND :last', {
      first: formatInstant(Math.min(...dates)),
      last: formatInstant(Math.max(...dates)),
    })
    .getMany();
  const found = new Map(rows.map((row) => [row.id, row]));
  // One may be gone since: retention drops whole weeks.
  return keys.flatMap(({ id }) => found.get(id) ?? []);
}
