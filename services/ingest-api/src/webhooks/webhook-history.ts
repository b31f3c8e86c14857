import { webhookHistory as historyOf } from '@oms-webhooks/db';
import { formatInstant } from '@oms-webhooks/domain';
import {
  idParameter,
  notFound,
  numberFilter,
  readFilters,
  validationFailed,
  type View,
} from '@oms-webhooks/http';
import type { StatsDeps } from './webhook-stats.ts';
import { WebhookStore } from './webhook-store.ts';

const USUAL_HOURS = 24;
const MOST_HOURS = 7 * 24;
/** As many as a plot has room for. */
const BUCKETS = 60;

/** `GET /whisperer/hooks/{id}/history/?hours=24`: what came of its attempts over time, and how long they took. */
export function webhookHistory({ orm, pool }: StatsDeps): View {
  const store = new WebhookStore(orm);
  return async ({ account, params, query }) => {
    const { hours = USUAL_HOURS } = readFilters(query, { hours: numberFilter });
    if (!Number.isInteger(hours) || hours < 1 || hours > MOST_HOURS)
      throw validationFailed({ hours: [`Ensure this value is a whole number from 1 to ${MOST_HOURS}.`] });
    const webhook = await store.find(account, idParameter(params.id));
    if (!webhook) throw notFound();
    const bucketMinutes = Math.ceil((hours * 60) / BUCKETS);
    const buckets = await historyOf(pool, webhook.id, { hours, bucketMinutes });
    return {
      status: 200,
      json: {
        hours,
        bucket_minutes: bucketMinutes,
        buckets: buckets.map(({ from, attempts, delivered, p50, p95 }) => ({
          from: formatInstant(from),
          attempts,
          delivered,
          duration_ms: { p50, p95 },
        })),
      },
    };
  };
}
