import { answerOf, api, asTheyStand, type AnswerTo, type Shape } from './api.ts';

export type Webhook = Shape<'Webhook'>;
/** What is said of a webhook when it is made or changed. */
export type WebhookBody = Shape<'WebhookBody'>;
export type WebhookConfig = Shape<'WebhookConfig'>;
/** Dispatchers alone know a `circuit`. */
export type WebhookStats = Omit<Shape<'WebhookStats'>, 'circuit'>;
/** Attempts of a window of time. */
export type WindowFigures = WebhookStats['last_hour'];
/** A webhook that somebody should look at: it fails, or it was disabled for a reason. */
export type WebhookInTrouble = AnswerTo<'listFailingWebhooks'>['results'][number];
/** The attempt of a test delivery. */
export type TestDelivery = AnswerTo<'testWebhook'>;

const HOOKS = '/whisperer/hooks/';
const HOOK = '/whisperer/hooks/{id}/';
const identified = (id: string) => ({ params: { path: { id: Number(id) } } });

export const listWebhooks = (query: URLSearchParams) => answerOf(api.GET(HOOKS, asTheyStand(query)));
export const listWebhooksInTrouble = () =>
  answerOf(api.GET('/whisperer/hooks/failing/', { params: { query: { page_size: 100 } } }));
export const listEventTypeNames = () => answerOf(api.GET('/whisperer/hooks/registry/'));
export const findWebhook = (id: string) => answerOf(api.GET(HOOK, identified(id)));
export const findWebhookStats = (id: string) =>
  answerOf(api.GET('/whisperer/hooks/{id}/stats/', identified(id)));
export const createWebhook = (body: WebhookBody) => answerOf(api.POST(HOOKS, { body }));
export const changeWebhook = (id: string, body: Shape<'WebhookChanges'>) =>
  answerOf(api.PATCH(HOOK, { ...identified(id), body }));
export const deleteWebhook = (id: string) => api.DELETE(HOOK, identified(id));
export const testWebhook = (id: string) => answerOf(api.POST('/whisperer/hooks/{id}/test/', identified(id)));
