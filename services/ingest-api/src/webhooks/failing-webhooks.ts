import { countWebhooksInTrouble, webhooksInTrouble, type WebhookInTrouble } from '@oms-webhooks/db';
import { formatInstant, type Instant } from '@oms-webhooks/domain';
import { pageOf, pageReply, type View } from '@oms-webhooks/http';
import type { Pool } from 'pg';

/** `GET /whisperer/hooks/failing/`: which webhooks fail, since when and why; then those that were disabled for a reason. */
export const failingWebhooks =
  ({ pool }: { pool: Pool }): View =>
  async ({ account, absoluteUrl }) => {
    const owner = account.superuser ? null : account.accountId;
    const page = pageOf(absoluteUrl, await countWebhooksInTrouble(pool, owner));
    const rows = await webhooksInTrouble(pool, owner, page);
    return pageReply(
      page,
      rows.map((row) => JSON.stringify(shown(row))),
    );
  };

const shown = (webhook: WebhookInTrouble) => ({
  webhook: webhook.id,
  target_url: webhook.targetUrl,
  event_type: webhook.eventType,
  is_active: webhook.isActive,
  disabled_reason: webhook.disabledReason,
  failing_since: instant(webhook.failingSince),
  last_attempt: instant(webhook.lastAttempt),
  response_http_status: webhook.responseHttpStatus,
  error_kind: webhook.errorKind,
  last_error: webhook.error,
});

const instant = (value: Instant | null) => value && formatInstant(value);
