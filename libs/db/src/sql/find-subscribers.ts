import type { Pool } from 'pg';

/** A webhook as whoever fans out to it needs it. */
export interface Subscriber {
  webhookId: number;
  accountId: number;
  /** It wants the events of one object one after the other. */
  ordered: boolean;
  /** False: customAttributes are taken out of what it is sent. */
  customAttributes: boolean;
}

const COLUMNS = `id AS "webhookId", account_id AS "accountId",
  COALESCE(config ->> 'ordered' = 'true', false) AS ordered, custom_attributes AS "customAttributes"`;

/** The webhooks of subscriptions hear the events of publisher apps alone. Plan: webhook_event_type. */
const ofEventType = `
  SELECT ${COLUMNS} FROM webhook
   WHERE event_type = $1 AND is_active AND published_event_id IS NULL AND subscription_id IS NULL ORDER BY id`;

/** Plan: webhook_of_published_event. */
const ofPublishedEvent = `
  SELECT ${COLUMNS} FROM webhook WHERE published_event_id = $1 AND is_active ORDER BY id`;

/** The active webhooks of an event type, those of subscriptions excepted. */
export async function findSubscribersOfType(pool: Pool, eventType: string): Promise<Subscriber[]> {
  return (
    await pool.query<Subscriber>({ name: 'subscribers-of-type', text: ofEventType, values: [eventType] })
  ).rows;
}

/** The active webhooks of a published event. */
export async function findSubscribersOfPublishedEvent(pool: Pool, id: number): Promise<Subscriber[]> {
  return (
    await pool.query<Subscriber>({
      name: 'subscribers-of-published-event',
      text: ofPublishedEvent,
      values: [id],
    })
  ).rows;
}
