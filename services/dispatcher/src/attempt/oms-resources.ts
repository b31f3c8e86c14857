import type { ContentTypes } from '@oms-webhooks/config';
import axios, { isAxiosError, type AxiosInstance } from 'axios';
import pRetry, { AbortError } from 'p-retry';

/** The resource of an event could not be had from the OMS API. */
class LookupError extends Error {
  override name = 'LookupError';
}

/** A resource may be as large as a published payload. */
const RESOURCE_LIMIT_BYTES = 1024 * 1024;
const TRIES = 3;

export interface OmsResources {
  /**
   * The resource of an event, as its JSON source text.
   * @throws LookupError saying which request failed and how
   */
  fetch(contentType: number | null, objectId: string): Promise<string>;
}

/** Looks resources up at OMS_API_URL, by the path that CONTENT_TYPES gives for the content type. */
export function omsResources(options: {
  url: string | undefined;
  token: string | undefined;
  contentTypes: ContentTypes;
  timeoutMs: number;
}): OmsResources {
  const { url, token, contentTypes, timeoutMs } = options;
  const paths = new Map<number | null, string>(Object.values(contentTypes).map(({ id, path }) => [id, path]));
  const api = axios.create({
    ...(url !== undefined && { baseURL: url }),
    timeout: timeoutMs / TRIES,
    maxContentLength: RESOURCE_LIMIT_BYTES,
    maxRedirects: 0,
    headers: { Accept: 'application/json', ...(token && { Authorization: `Token ${token}` }) },
    // The text itself is what is sent on: parsing would change numbers and the order of keys.
    responseType: 'text',
    transformResponse: (text: string) => text,
  });
  return {
    async fetch(contentType, objectId) {
      const path = paths.get(contentType)?.replace('{pk}', encodeURIComponent(objectId));
      if (url === undefined)
        throw new LookupError('OMS_API_URL is not set, so the resource cannot be looked up.');
      if (path === undefined) throw new LookupError(`CONTENT_TYPES has no content type ${contentType}.`);
      try {
        return await pRetry(() => fetchJson(api, path), {
          retries: TRIES - 1,
          minTimeout: 100,
          maxTimeout: 500,
        });
      } catch (error) {
        throw new LookupError(`GET ${path} at the OMS API: ${(error as Error).message}`);
      }
    },
  };
}

async function fetchJson(api: AxiosInstance, path: string): Promise<string> {
  try {
    const { data } = await api.get<string>(path);
    JSON.parse(data);
    return data;
  } catch (error) {
    if (error instanceof SyntaxError) throw new AbortError('the answer is not JSON');
    const status = isAxiosError(error) ? error.response?.status : undefined;
    const text = status === undefined ? (error as Error).message : `answered ${status}`;
    // The resource itself is wrong or gone: asking again at once would not help.
    if (status !== undefined && status < 500 && status !== 429) throw new AbortError(text);
    throw new Error(text, { cause: error });
  }
}
