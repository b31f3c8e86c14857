import { NO_OPERATION } from '@oms-webhooks/http';

const ROOT = '/core/api/v1/webhooks';
const EVENTS = `${ROOT}/topics/:topic/events`;
const SUBSCRIPTIONS = `${ROOT}/subscriptions`;

/** The rows of the OS1 family's URL table. */
export const PATHS = {
  apps: `${ROOT}/apps`,
  events: EVENTS,
  event: `${EVENTS}/:eventName`,
  tryEvent: `${EVENTS}/:eventName/try`,
  subscriptions: SUBSCRIPTIONS,
  subscription: `${SUBSCRIPTIONS}/:id`,
  subscriptionEvents: `${SUBSCRIPTIONS}/:id/events`,
} as const;

/** The middle four digits of an error's code (docs/publishing.md). */
const CODES = new Map([
  [`POST ${PATHS.apps}`, '0101'],
  [`GET ${PATHS.apps}`, '0102'],
  [`PATCH ${PATHS.apps}`, '0103'],
  [`POST ${PATHS.events}`, '0201'],
  [`GET ${PATHS.events}`, '0202'],
  [`PUT ${PATHS.event}`, '0203'],
  [`DELETE ${PATHS.events}`, '0204'],
  [`POST ${PATHS.tryEvent}`, '0205'],
  [`POST ${PATHS.subscriptions}`, '0301'],
  [`GET ${PATHS.subscriptions}`, '0302'],
  [`GET ${PATHS.subscription}`, '0303'],
  [`PATCH ${PATHS.subscription}`, '0304'],
  [`DELETE ${PATHS.subscription}`, '0305'],
  [`PATCH ${PATHS.subscriptionEvents}`, '0306'],
]);

/** @param route the row of the URL table; undefined for an unknown path */
export const operationCode = (method: string, route: string | undefined): string =>
  CODES.get(`${method === 'HEAD' ? 'GET' : method} ${route}`) ?? NO_OPERATION;

export const isOs1 = (path: string): boolean => path.startsWith(`${ROOT}/`) || path === ROOT;
