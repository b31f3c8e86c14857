import { answerOf, api, type AnswerTo } from './api.ts';

/** What a message would come to. */
export type Trial = AnswerTo<'tryPublishedEvent'>['data'];
export type Topic = AnswerTo<'listSubscriptions'>['data']['subscriptions'][number]['topic'];

export const TOPICS: readonly Topic[] = ['participant', 'entity', 'container'];
const LARGEST_PAGE = 100;

/** The one without a name, unless told. */
const inTenant = (tenant: string) => ({ header: tenant === '' ? {} : { 'X-COREOS-TID': tenant } });
const pageAfter = (nextPage: string | null) => ({
  query: { limit: LARGEST_PAGE, ...(nextPage !== null && { nextPage }) },
});

export const findOwnApp = (tenant: string) =>
  answerOf(api.GET('/core/api/v1/webhooks/apps', { params: inTenant(tenant) }));

export const listPublishedEvents = (topic: Topic, tenant: string, nextPage: string | null) =>
  answerOf(
    api.GET('/core/api/v1/webhooks/topics/{topic}/events', {
      params: { ...inTenant(tenant), ...pageAfter(nextPage), path: { topic } },
    }),
  );

export const listSubscriptions = (tenant: string, nextPage: string | null) =>
  answerOf(
    api.GET('/core/api/v1/webhooks/subscriptions', {
      params: { ...inTenant(tenant), ...pageAfter(nextPage) },
    }),
  );

/** Publishes nothing. */
export const tryEvent = (tenant: string, topic: Topic, eventName: string, message: Record<string, unknown>) =>
  answerOf(
    api.POST('/core/api/v1/webhooks/topics/{topic}/events/{eventName}/try', {
      params: { ...inTenant(tenant), path: { topic, eventName } },
      body: { message },
    }),
  );
