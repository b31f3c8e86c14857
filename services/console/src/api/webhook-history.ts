import { answerOf, api, type Shape } from './api.ts';

export type WebhookHistory = Shape<'WebhookHistory'>;

export const findWebhookHistory = (id: string, hours: number) =>
  answerOf(
    api.GET('/whisperer/hooks/{id}/history/', { params: { path: { id: Number(id) }, query: { hours } } }),
  );
