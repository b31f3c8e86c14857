import { answerOf, api, asTheyStand, type AnswerTo, type Shape } from './api.ts';
import { rawMember } from './raw-member.ts';

export type WebhookEvent = Shape<'WebhookEvent'>;
export type Attempt = Shape<'Attempt'>;
export type AttemptPage = AnswerTo<'listAttempts'>;

export const EVENT_STATES: readonly WebhookEvent['state'][] = [
  'pending',
  'retrying',
  'delivered',
  'exhausted',
  'cancelled',
];

export const listEvents = (query: URLSearchParams, signal?: AbortSignal) =>
  answerOf(api.GET('/api/v1/oms/oms_hook_events/', { ...asTheyStand(query), signal: signal ?? null }));

export const listUndelivered = (query: URLSearchParams, signal?: AbortSignal) =>
  answerOf(
    api.GET('/api/v1/oms/settings/undelivered_webhooks/', { ...asTheyStand(query), signal: signal ?? null }),
  );

const identified = (id: string) => ({ path: { id: Number(id) } });

/** An event, and its body byte for byte: parsing would change large numbers and repeated keys. */
export async function findEvent(id: string): Promise<WebhookEvent & { body: string }> {
  const text = await answerOf(
    api.GET('/api/v1/oms/oms_hook_events/{id}/', { params: identified(id), parseAs: 'text' }),
  );
  return { ...(JSON.parse(text) as WebhookEvent), body: rawMember(text, 'request_payload') ?? '' };
}

export const listAttempts = (id: string) =>
  answerOf(
    api.GET('/api/v1/oms/oms_hook_events/{id}/attempts/', {
      params: { ...identified(id), query: { page_size: 100 } },
    }),
  );

export const resendEvent = (uuid: string) =>
  api.POST('/api/v1/oms/oms_hook_events/resend-event/', { body: { event: uuid } });
