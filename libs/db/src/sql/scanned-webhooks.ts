import type { WebhookConfig } from '@oms-webhooks/domain';
import type { Pool } from 'pg';

export interface ScannedWebhook {
  id: number;
  /** Events of one object go one after the other; also while ordered events from before a change are unfinished. */
  ordered: boolean;
  /** An exhausted event holds back the later ones of its object. */
  blocks: boolean;
  accountId: number;
  /** Requests a second, or null for no limit. */
  rateLimit: number | null;
}

/** Plan: all webhooks, each with a probe of webhook_event_order. */
const statement = `
  SELECT id, account_id, config,
         EXISTS (
           SELECT 1 FROM webhook_event e
            WHERE e.webhook_id = w.id AND e.ordered AND e.state NOT IN ('delivered', 'cancelled')
              AND e.next_attempt_at IS NOT NULL
         ) AS has_ordered
    FROM webhook w`;

/**
 * Every webhook that may have due events, inactive ones included: theirs are cancelled as they come up. The settings
 * are read here and not in SQL: json may hold what PostgreSQL's operators refuse, and one webhook must not stop all.
 */
export async function scannedWebhooks(pool: Pool): Promise<ScannedWebhook[]> {
  const { rows } = await pool.query<{
    id: number;
    account_id: number;
    config: WebhookConfig | null;
    has_ordered: boolean;
  }>(statement);
  return rows.map(({ id, account_id, config, has_ordered }) => ({
    id,
    accountId: account_id,
    ordered: has_ordered || config?.ordered === true,
    blocks: config?.on_exhausted === 'block',
    rateLimit: typeof config?.rate_limit === 'number' && config.rate_limit > 0 ? config.rate_limit : null,
  }));
}
