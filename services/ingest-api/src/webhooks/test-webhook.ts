import { randomUUID } from 'node:crypto';
import {
  deliveryAttemptEntity,
  insertTestEvent,
  webhookEventEntity,
  withdrawEvent,
  type TestEvent,
  type WebhookEventRow,
  type WebhookRow,
} from '@oms-webhooks/db';
import { formatInstant, type ResponseContentFormat } from '@oms-webhooks/domain';
import { ApiError, idParameter, notFound, validationFailed, type View } from '@oms-webhooks/http';
import { pause } from '@oms-webhooks/lifecycle';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { attemptJson } from '../webhook-events/event-json.ts';
import { WebhookStore } from './webhook-store.ts';

export interface TestDeps {
  orm: DataSource;
  pool: Pool;
  responseContentFormat: ResponseContentFormat;
  /** How long to wait for the attempt, in milliseconds: longer than a request to a target may take. */
  testTimeoutMs: number;
}

const LOOK_AGAIN_MS = 100;

/**
 * `POST /whisperer/hooks/{id}/test/`: an example event goes the way of all events, once, and its attempt is the answer,
 * whatever came of it. 504 when no dispatcher has taken it in time.
 */
export function testWebhook({ orm, pool, responseContentFormat, testTimeoutMs }: TestDeps): View {
  const store = new WebhookStore(orm);
  return async ({ account, params }) => {
    const webhook = await store.find(account, idParameter(params.id));
    if (!webhook) throw notFound();
    if (!webhook.isActive) throw validationFailed({ non_field_errors: ['Webhook is not active.'] });

    const uuid = randomUUID();
    const event = await insertTestEvent(pool, {
      uuid,
      webhookId: webhook.id,
      eventType: webhook.eventType,
      payload: examplePayload(webhook),
    });
    const finished = await attempted(orm, event, testTimeoutMs);
    if (!finished) throw await notTaken(pool, event, uuid, testTimeoutMs);
    const attempt = await orm.getRepository(deliveryAttemptEntity).findOneBy({ eventId: event.id });
    if (!attempt) throw validationFailed({ non_field_errors: [finished.lastError ?? 'It was cancelled.'] });
    const { state } = finished;
    const shown = attemptJson(attempt, responseContentFormat);
    return { status: 200, raw: `{"uuid":"${uuid}","state":"${state}",${shown.slice(1)}` };
  };
}

function examplePayload({ id, eventType }: WebhookRow): string {
  return JSON.stringify({
    test: true,
    webhook: id,
    event_type: eventType,
    message: 'An example event, sent because somebody asked for a test of this webhook.',
  });
}

/** The event once it was attempted or cancelled; undefined when neither happens in time. */
async function attempted(
  orm: DataSource,
  { id, createdDate }: TestEvent,
  limitMs: number,
): Promise<WebhookEventRow | undefined> {
  const events = orm.getRepository(webhookEventEntity);
  for (const startedAt = performance.now(); performance.now() - startedAt < limitMs;) {
    const event = await events
      .createQueryBuilder('e')
      .where('e.id = :id AND e.created_date = :created', { id, created: formatInstant(createdDate) })
      .getOne();
    if (event && (event.attempts > 0 || event.state === 'cancelled')) return event;
    await pause(LOOK_AGAIN_MS);
  }
  return undefined;
}

async function notTaken(pool: Pool, event: TestEvent, uuid: string, limitMs: number): Promise<ApiError> {
  const reason = `No dispatcher has taken the event within ${limitMs / 1000} s.`;
  const withdrawn = await withdrawEvent(pool, event, reason);
  const detail = withdrawn
    ? `${reason} It was not sent.`
    : `The attempt is not finished after ${limitMs / 1000} s; see the attempts of the event.`;
  return new ApiError(504, { detail, uuid, event: event.id });
}
