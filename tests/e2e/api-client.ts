import { request } from 'undici';

/** Recorded JSON: untyped by nature. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
type Json = any;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The parsed body; undefined when it is empty or no JSON. */
  json: Json;
}

interface Sent {
  /** Sent as it stands; `type` is its media type. */
  text?: string | Buffer;
  type?: string;
  json?: unknown;
  /** Form fields, as they are put on the wire. */
  form?: string;
  headers?: Record<string, string>;
}

/** A webhook event as lists show it. */
interface EventJson {
  id: number;
  created_date: string;
  modified_date: string;
  uuid: string;
  request_payload: { event: { type: string; uuid: string }; payload: Json };
  response_content: string;
  response_http_status: number | null;
  delivered: boolean;
  request_datetimes: string[];
  retry_count: number | null;
  object_id: number | string;
  content_type: number;
  state: string;
  next_attempt_at: string | null;
  last_error: string | null;
}

type Instance = { pk: number | string; model?: string; data?: unknown };

/** What a domain service says to the API, as the account of one token. */
export interface ApiClient {
  call(method: string, path: string, sent?: Sent): Promise<Answer>;
  get(path: string): Promise<Answer>;
  post(path: string, json: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Registers a webhook that retries at once; rejects unless 201. */
  createHook(targetUrl: string, fields?: object): Promise<{ id: number }>;
  /** Publishes an event; rejects unless 202. Answers its uuid. */
  publish(hook: number, instance: Instance, headers?: Record<string, string>): Promise<string>;
  /** The event as the list shows it. */
  event(uuid: string): Promise<EventJson>;
}

export const PUBLISH = '/api/v1/oms/oms_hook_events/publish-event/';
export const RESEND = '/api/v1/oms/oms_hook_events/resend-event/';
export const EVENTS = '/api/v1/oms/oms_hook_events/';
export const UNDELIVERED = '/api/v1/oms/settings/undelivered_webhooks/';
export const HOOKS = '/whisperer/hooks/';
export const TOKENS = '/api/v1/oms/tokens/';

/** @param authorization the whole header; undefined for none */
export function apiClient(baseUrl: string, authorization: string | undefined): ApiClient {
  async function call(method: string, path: string, sent: Sent = {}): Promise<Answer> {
    const [type, body] =
      sent.json !== undefined
        ? ['application/json', JSON.stringify(sent.json)]
        : sent.form !== undefined
          ? ['application/x-www-form-urlencoded', sent.form]
          : [sent.type, sent.text];
    const response = await request(baseUrl + path, {
      method: method as 'GET',
      headers: {
        ...(authorization && { authorization }),
        ...(type && { 'content-type': type }),
        ...sent.headers,
      },
      ...(body !== undefined && { body }),
      // Servers are killed and started again on the same port: no connection outlives its request.
      reset: true,
    });
    const text = await response.body.text();
    return { status: response.statusCode, headers: response.headers, text, json: parsed(text) };
  }

  const get = (path: string) => call('GET', path);
  const post = (path: string, json: unknown, headers: Record<string, string> = {}) =>
    call('POST', path, { json, headers });

  return {
    call,
    get,
    post,
    async createHook(targetUrl, fields = {}) {
      const created = await post(HOOKS, {
        target_url: targetUrl,
        event_type: 'package.created',
        retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 0 } },
        ...fields,
      });
      return expected(201, created).json as { id: number };
    },
    async publish(hook, { pk, model = 'package', data }, headers) {
      const answer = await post(PUBLISH, { hook, instance: { pk, model, data } }, headers);
      return String(expected(202, answer).headers['x-event-uuid']);
    },
    async event(uuid) {
      const { json } = expected(200, await get(`${EVENTS}?uuid=${uuid}`)) as {
        json: { results: EventJson[] };
      };
      const [event] = json.results;
      if (!event) throw new Error(`the list has no event ${uuid}`);
      return event;
    },
  };
}

function expected(status: number, answer: Answer): Answer {
  if (answer.status !== status)
    throw new Error(`the API answered ${answer.status} instead of ${status}: ${answer.text}`);
  return answer;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
