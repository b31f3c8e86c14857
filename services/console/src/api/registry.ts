import { call } from './call.ts';

export const TOPICS = ['participant', 'entity', 'container'] as const;

export interface PublishedEvent {
  name: string;
  type: string;
  appId: string;
  description: string;
}

export interface PublisherApp {
  id: string;
  name: string;
  permissions: string[];
}

export interface Subscription {
  id: string;
  description: string | null;
  topic: string;
  eventAppId: string;
  isActive: boolean;
  customAttr: boolean;
}

/** The value of one expression of a filter, at its place. */
interface ExplainedExpression {
  path: string;
  expression: unknown;
  value?: unknown;
  error?: string;
}

/** What a message would come to. */
export interface Trial {
  matches: boolean;
  eventType: { message: string; event: string; matches: boolean };
  filterLogic: { matches: boolean; error: string | null; explanation: ExplainedExpression[] };
  lookupPath: string | null;
  missingParameter: string | null;
  payload: unknown;
  subscribers: number;
}

interface Meta {
  nextPage: string | null;
  hasNextPage: boolean;
}

const REGISTRY = '/core/api/v1/webhooks';
const LARGEST_PAGE = '100';

/** The one without a name, unless told. */
const tenantHeader = (tenant: string) => ({ headers: tenant === '' ? {} : { 'X-COREOS-TID': tenant } });

export const findOwnApp = (tenant: string) =>
  call<{ data: PublisherApp }>('GET', `${REGISTRY}/apps`, tenantHeader(tenant));

export const listPublishedEvents = (topic: string, tenant: string, nextPage: string | null) =>
  call<{ data: { events: PublishedEvent[]; meta: Meta } }>('GET', `${REGISTRY}/topics/${topic}/events`, {
    ...tenantHeader(tenant),
    query: new URLSearchParams({ limit: LARGEST_PAGE, ...(nextPage !== null && { nextPage }) }),
  });

export const listSubscriptions = (tenant: string, nextPage: string | null) =>
  call<{ data: { subscriptions: Subscription[]; meta: Meta } }>('GET', `${REGISTRY}/subscriptions`, {
    ...tenantHeader(tenant),
    query: new URLSearchParams({ limit: LARGEST_PAGE, ...(nextPage !== null && { nextPage }) }),
  });

/** Publishes nothing. */
export const tryEvent = (tenant: string, topic: string, name: string, message: unknown) =>
  call<{ data: Trial }>('POST', `${REGISTRY}/topics/${topic}/events/${encodeURIComponent(name)}/try`, {
    ...tenantHeader(tenant),
    json: { message },
  });
