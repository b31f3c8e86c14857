import type { WantedWebhook } from '@oms-webhooks/config';
import axios, { isAxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios';
import pRetry, { AbortError } from 'p-retry';
import type { RegisteredWebhook } from './missing-webhooks.ts';

/** The Omnitron service, as setup needs it. */
export interface Omnitron {
  /** All that it has, active or not. */
  registered(signal: AbortSignal): Promise<RegisteredWebhook[]>;
  /** Answers whether it is new; false when the Omnitron service had it already. */
  register(webhook: WantedWebhook, signal: AbortSignal): Promise<boolean>;
}

/** The Omnitron service did not answer as it should. The message says to which request, and never holds a token. */
export class OmnitronError extends Error {
  override name = 'OmnitronError';
  /** What was asked for was refused, for good; other requests may do better. */
  readonly isRefusal: boolean;

  constructor(message: string, isRefusal = false) {
    super(message);
    this.isRefusal = isRefusal;
  }
}

const HOOKS = '/whisperer/hooks/';
const PAGE_SIZE = 100;
/** Of a service that always names a next page. */
const MOST_PAGES = 200;
const TIMEOUT_MS = 10_000;
const ANSWER_LIMIT_BYTES = 16 * 1024 * 1024;
const SHOWN_CHARACTERS = 300;
/** Four more tries within some four seconds. */
const RETRY = { retries: 4, minTimeout: 250, maxTimeout: 2000 };

/** @param url its address, under which `/whisperer/hooks/` is */
export function omnitronAt(
  url: string,
  options: { authorization: string | undefined; proxy?: false },
): Omnitron {
  const { authorization, ...proxy } = options;
  const api = axios.create({
    ...proxy,
    baseURL: url,
    timeout: TIMEOUT_MS,
    maxContentLength: ANSWER_LIMIT_BYTES,
    // A redirect could lead the token elsewhere.
    maxRedirects: 0,
    headers: { Accept: 'application/json', ...(authorization && { Authorization: authorization }) },
  });

  /** 5xx, 429 and lost connections are tried again; other refusals would only be repeated. */
  async function ask(config: AxiosRequestConfig, signal: AbortSignal): Promise<AxiosResponse<unknown>> {
    const once = () =>
      api.request<unknown>({ ...config, signal }).catch((error: unknown) => {
        const status = isAxiosError(error) ? error.response?.status : undefined;
        const isRefusal = status !== undefined && status < 500 && status !== 429;
        const words = `${config.method} ${HOOKS} at the Omnitron service: ${wordsOf(error)}`;
        throw isRefusal ? new AbortError(new OmnitronError(words, true)) : new OmnitronError(words);
      });
    return await pRetry(once, { ...RETRY, signal });
  }

  return {
    async registered(signal) {
      const all: RegisteredWebhook[] = [];
      let search: string | undefined = `?page_size=${PAGE_SIZE}`;
      for (let page = 1; search !== undefined; page += 1) {
        if (page > MOST_PAGES) throw new OmnitronError(`the Omnitron service has over ${MOST_PAGES} pages`);
        const { data } = await ask({ method: 'GET', url: HOOKS + search }, signal);
        const { webhooks, next } = readPage(data);
        all.push(...webhooks);
        search = next;
      }
      return all;
    },

    async register(webhook, signal) {
      const accepts = (status: number) => (status >= 200 && status <= 299) || status === 406;
      const answer = await ask(
        { method: 'POST', url: HOOKS, data: webhook, validateStatus: accepts },
        signal,
      );
      if (answer.status !== 406) return true;
      if ((answer.data as { code?: unknown } | null)?.code === 'webhook_100_2') return false;
      const words = `POST ${HOOKS} at the Omnitron service: answered 406: ${shown(answer.data)}`;
      throw new OmnitronError(words, true);
    },
  };
}

/**
 * A page of the list, or the whole list where the service has no pages. Of `next` only the query is taken: behind a
 * proxy its origin may be another one, and the token goes nowhere but to the address that was given.
 */
function readPage(data: unknown): { webhooks: RegisteredWebhook[]; next: string | undefined } {
  const page = Array.isArray(data) ? { results: data, next: null } : data;
  const { results, next } = (page ?? {}) as { results?: unknown; next?: unknown };
  if (!Array.isArray(results) || !results.every(isRegisteredWebhook))
    throw new OmnitronError(`GET ${HOOKS} at the Omnitron service: the answer is no list of webhooks`);
  return { webhooks: results, next: typeof next === 'string' ? searchOf(next) : undefined };
}

function isRegisteredWebhook(item: unknown): item is RegisteredWebhook {
  const { target_url, event_type } = (item ?? {}) as Record<string, unknown>;
  return typeof target_url === 'string' && typeof event_type === 'string';
}

const searchOf = (link: string) => /\?[^#]*/.exec(link)?.[0];

function wordsOf(error: unknown): string {
  const response = isAxiosError(error) ? error.response : undefined;
  if (response) return `answered ${response.status}: ${shown(response.data)}`;
  return (error as Error).message || 'no answer';
}

const shown = (data: unknown) =>
  (typeof data === 'string' ? data : JSON.stringify(data)).slice(0, SHOWN_CHARACTERS);
