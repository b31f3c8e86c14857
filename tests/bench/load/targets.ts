import { createHook } from './publishers.ts';

/** Event types of the built-in catalogue: a webhook of its own hears each of them. */
export const EVENT_TYPES = [
  'package.created',
  'package.status.transitioned',
  'package.status.packed',
  'package.status.cancelled',
  'package.status.shipped',
  'shipment.created',
  'shipment.status.updated',
  'shipment.cancelled',
  'transfer.status.created',
  'transfer.status.transitioned',
] as const;

export const WEBHOOKS = EVENT_TYPES.length;

/** Ten webhooks, the last `sick` of which hang. @returns their ids */
export const createTargets = (apiUrl: string, receiverUrl: string, sick = 0): Promise<number[]> =>
  Promise.all(
    EVENT_TYPES.map((eventType, n) =>
      createHook(apiUrl, `${receiverUrl}/${n < WEBHOOKS - sick ? 'well' : 'hang'}/${sick}-${n}`, eventType),
    ),
  );

/** So many webhooks (at most as many as there are event types) whose targets take `ms` to answer. @returns their ids */
export const createSlowTargets = (
  apiUrl: string,
  receiverUrl: string,
  { count, ms }: { count: number; ms: number },
): Promise<number[]> =>
  Promise.all(
    EVENT_TYPES.slice(0, count).map((eventType, n) =>
      createHook(apiUrl, `${receiverUrl}/after/${ms}/${n}`, eventType),
    ),
  );
