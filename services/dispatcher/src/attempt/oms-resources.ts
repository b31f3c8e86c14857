import type { ContentTypes } from '@oms-webhooks/config';
import type { DispatchedEvent } from '@oms-webhooks/domain';
import axios, { isAxiosError, type AxiosInstance } from 'axios';
import pRetry, { AbortError } from 'p-retry';

/** The resource of an event could not be had from the OMS API. */
export class LookupError extends Error {
  override name = 'LookupError';
}

/** A resource may be as large as a published payload. */
const RESOURCE_LIMIT_BYTES = 1024 * 1024;
const TRIES = 3;
/** Of a look-up with all its tries: the rest of the lease is for its turn, and for the request to the target. */
const LONGEST_MS = 9000;

export interface OmsResources {
  /**
   * Where the resource of an event is: at its own path, or at the one that CONTENT_TYPES gives for its content type.
   * @throws LookupError
   */
  pathOf(event: Pick<DispatchedEvent, 'contentType' | 'objectId' | 'lookupPath'>): string;
  /**
   * A resource, as its JSON source text.
   * @throws LookupError saying which request failed and how
   */
  fetch(path: string): Promise<string>;
}

/** Looks resources up at OMS_API_URL. */
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
    // A path that looks like another host's address is a path all the same.
    allowAbsoluteUrls: false,
    timeout: Math.min(timeoutMs, LONGEST_MS) / TRIES,
    maxContentLength: RESOURCE_LIMIT_BYTES,
    maxRedirects: 0,
    headers: { Accept: 'application/json', ...(token && { Authorization: `Token ${token}` }) },
    // The text itself is what is sent on: parsing would change numbers and the order of keys.
    responseType: 'text',
    transformResponse: (text: string) => text,
  });
  return {
    pathOf({ contentType, objectId, lookupPath }) {
      if (url === undefined)
        throw new LookupError('OMS_API_URL is not set, so the resource cannot be looked up.');
      if (lookupPath !== null) return lookupPath;
      const path = paths.get(contentType);
      if (path === undefined) throw new LookupError(`CONTENT_TYPES has no content type ${contentType}.`);
      return path.replace('{pk}', () => encodeURIComponent(objectId));
    },
    async fetch(path) {
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
