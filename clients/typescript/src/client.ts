import createFetchClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.ts';

export interface ClientOptions {
  /** Where the ingest API is: `https://webhooks.example`. */
  baseUrl: string;
  /** The key of a token. */
  token: string;
  /** In place of the global one. */
  fetch?: (request: Request) => Promise<Response>;
}

/** Every call by its path: `client.GET('/api/v1/oms/oms_hook_events/{id}/', { params: { path: { id: 3 } } })`. */
export function createClient({ baseUrl, token, fetch }: ClientOptions): Client<paths> {
  return createFetchClient<paths>({
    baseUrl,
    headers: { Authorization: `Token ${token}` },
    ...(fetch && { fetch }),
  });
}
