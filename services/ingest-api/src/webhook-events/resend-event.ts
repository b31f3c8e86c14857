import { resendEvent as makeDue, type WebhookEventRow } from '@oms-webhooks/db';
import {
  booleanField,
  notFound,
  objectField,
  refusedWithCode,
  uuidField,
  validate,
  validationFailed,
  type View,
} from '@oms-webhooks/http';
import type Joi from 'joi';
import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';
import { visibleEvents } from './event-filters.ts';
import { findEvent } from './event-lists.ts';

export interface ResendDeps {
  orm: DataSource;
  pool: Pool;
  /** Attempts by the countdown, after which dj-whisperer's retry needs no `force`. */
  maxAttempts: number;
}

export const resendSchema = objectField({ event: uuidField() }) as Joi.ObjectSchema<{ event: string }>;
export const retrySchema = objectField({ force: booleanField({ required: false }) }) as Joi.ObjectSchema<{
  force?: boolean;
}>;

/** `POST …/oms_hook_events/resend-event/` `{event: uuid}`: queued at once, ahead of its countdown. */
export const resendEvent =
  ({ orm, pool }: ResendDeps): View =>
  async (request) => {
    const { event: uuid } = validate(resendSchema, (await request.body()).value);
    const event = await visibleEvents(orm, request.account).andWhere('e.uuid = :uuid', { uuid }).getOne();
    if (!event) throw notFound();
    await resend(pool, event);
    return { status: 200 };
  };

/** `POST /whisperer/hook_events/{id}/retry/` `{force}`, with dj-whisperer's codes. */
export const retryEvent =
  ({ orm, pool, maxAttempts }: ResendDeps): View =>
  async (request) => {
    const event = await findEvent(orm, request);
    const { force = false } = validate(retrySchema, (await request.body()).value);
    if (event.state === 'delivered') throw refusedWithCode('event_100_3', 'Event already delivered');
    if (!force && inRetryProcess(event, maxAttempts))
      throw refusedWithCode('event_100_6', 'Event is still in retry process');
    await resend(pool, event);
    return { status: 200 };
  };

/** By its state: a webhook may have fewer attempts than others, and an event of it be exhausted after those. */
function inRetryProcess({ state, attempts, webhook }: WebhookEventRow, maxAttempts: number): boolean {
  const waits = state === 'pending' || state === 'retrying';
  return waits && attempts < (webhook.config.max_attempts ?? maxAttempts);
}

async function resend(pool: Pool, event: WebhookEventRow): Promise<void> {
  // It would only be cancelled again.
  if (!event.webhook.isActive) throw validationFailed({ event: ['Its webhook is not active.'] });
  await makeDue(pool, event.uuid);
}
