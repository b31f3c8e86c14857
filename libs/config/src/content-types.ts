import { asObject } from './as-object.ts';
import { Fault } from './setting.ts';

/** What a `{pk, model}` names: the id shown as `content_type`, and the path of the resource, with `{pk}` in it. */
export interface ContentType {
  id: number;
  path: string;
}

/** By model name. */
export type ContentTypes = Readonly<Record<string, ContentType>>;

/** `package` is 4 in the published documents; the others are ours. */
export const defaultContentTypes: ContentTypes = {
  package: { id: 4, path: '/api/v1/oms/packages/{pk}/' },
  shipment: { id: 9, path: '/api/v1/oms/shipments/{pk}/' },
  transfer: { id: 11, path: '/api/v1/oms/transfers/{pk}/' },
  stock_location: { id: 13, path: '/api/v1/oms/stock_locations/{pk}/' },
};

/** Checks `{"model": {"id": 4, "path": "/…/{pk}/"}}`: ids are whole numbers that occur once. */
export function toContentTypes(value: unknown): ContentTypes {
  const types = new Map<string, ContentType>();
  const ids = new Set<unknown>();
  for (const [model, type] of Object.entries(asObject(value, 'must be an object: model → {id, path}'))) {
    const { id, path } = asObject(type, `has no {id, path} for "${model}"`);
    if (!Number.isSafeInteger(id) || (id as number) < 1)
      throw new Fault(`needs a whole number as id of "${model}"`);
    if (ids.has(id)) throw new Fault(`uses the id ${String(id)} twice`);
    if (typeof path !== 'string' || !path.startsWith('/') || !path.includes('{pk}'))
      throw new Fault(`needs a path for "${model}" that begins with / and has {pk} in it`);
    ids.add(id);
    types.set(model, { id: id as number, path });
  }
  return Object.fromEntries(types);
}

/** One entry of `OMNITRON_WEBHOOKS`: the body that `POST /whisperer/hooks/` takes. */
export interface WantedWebhook extends Readonly<Record<string, unknown>> {
  target_url: string;
  event_type: string;
}

/** Checks that each entry names a target and an event type; what else it says is checked by who knows webhooks. */
export function toWantedWebhooks(value: unknown): WantedWebhook[] {
  if (!Array.isArray(value)) throw new Fault('must be a list of webhooks');
  const faults = value.flatMap((entry: unknown, index) => {
    if (typeof entry !== 'object' || entry === null) return [`has an entry ${index} that is not an object`];
    const missing = ['target_url', 'event_type'].filter(
      (name) => typeof (entry as Record<string, unknown>)[name] !== 'string',
    );
    return missing.map((name) => `has an entry ${index} without ${name}`);
  });
  if (faults.length > 0) throw new Fault(faults.join('; '));
  return value as WantedWebhook[];
}
