import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { DispatchedEvent, Outcome } from '@oms-webhooks/domain';
import { openDatabase, type Database } from '../database.ts';
import { claimDueEvents } from '../sql/claim-due-events.ts';
import { insertWebhookEvents, type NewWebhookEvent } from '../sql/insert-webhook-events.ts';
import { createTestDatabase } from './template-database.ts';

/** An open, migrated database of its own for a spec; `close` drops it. */
export async function openSpecDatabase({ poolSize = 8 } = {}): Promise<Database> {
  const { url, drop } = await createTestDatabase();
  const database = await openDatabase({ url, applicationName: 'spec', poolSize });
  return {
    ...database,
    async close() {
      await database.close();
      await drop();
    },
  };
}

export function newEvent(changes: Partial<NewWebhookEvent> = {}): NewWebhookEvent {
  return {
    uuid: randomUUID(),
    webhookId: 1,
    eventType: 'package.created',
    contentType: 4,
    objectId: '8812',
    payload: '{"pk":8812}',
    lookupPath: null,
    traceparent: null,
    ordered: false,
    idempotency: null,
    ...changes,
  };
}

/** Publishes an event and claims it for half a minute. Nothing else may be due at its webhook. */
export async function leasedEvent(
  pool: Pool,
  changes: Partial<NewWebhookEvent> = {},
): Promise<DispatchedEvent> {
  const event = newEvent(changes);
  await insertWebhookEvents(pool, [event], 0);
  const [claimed] = await claimDueEvents(pool, [{ webhookId: event.webhookId, room: 1 }], 30);
  if (claimed?.uuid !== event.uuid) throw new Error(`another event was due at webhook ${event.webhookId}`);
  return claimed;
}

export const answered = (
  status: number,
  content = 'ok',
  startedAt = 1697105255200005,
): Outcome & { kind: 'answered' } => ({
  kind: 'answered',
  status,
  headers: { 'content-type': 'text/plain' },
  content: Buffer.from(content),
  startedAt,
  durationMs: 12.4,
});

export const timedOut = (startedAt = 1697105255200005): Outcome & { kind: 'failed' } => ({
  kind: 'failed',
  failure: 'timeout',
  error: 'No answer within 10000 ms.',
  startedAt,
  durationMs: 10_000.2,
});
