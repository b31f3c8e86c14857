import { EXIT, Failure } from './failure.ts';

/** The API, as the account of one token. Every call throws a `Failure` in words. */
export interface Api {
  url: string;
  /** @param query undefined values are left out */
  get<Answer>(path: string, query?: Query): Promise<Answered<Answer>>;
  send<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answered<Answer>>;
  /** An answer that goes on; `lastId` is where. */
  stream(path: string, query: Query, lastId: string | undefined, signal: AbortSignal): Promise<Response>;
}

export type Query = Record<string, string | number | boolean | undefined>;

/** An answer as it was sent, and what it means. */
export interface Answered<Answer> {
  text: string;
  json: Answer;
  headers: Headers;
}

const ANSWER_LIMIT_MS = 60_000;

export function createApi({ url, token }: { url: string; token: string | undefined }): Api {
  const base = url.replace(/\/+$/, '');

  async function request(path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('Authorization', `Token ${token}`);
    const response = await fetch(base + path, { ...init, headers }).catch((error: unknown) => {
      if (init.signal?.aborted && !isTimeout(error)) throw error;
      throw new Failure(
        `${base} does not answer: ${reasonOf(error)}. Does it run (oms-webhooks start)? Another address: --url`,
        EXIT.unavailable,
      );
    });
    if (!response.ok) throw await refusal(response, `${init.method ?? 'GET'} ${path}`);
    return response;
  }

  async function answered<Answer>(path: string, init: RequestInit): Promise<Answered<Answer>> {
    const response = await request(path, { ...init, signal: AbortSignal.timeout(ANSWER_LIMIT_MS) });
    const text = await response.text();
    return { text, json: (text === '' ? undefined : JSON.parse(text)) as Answer, headers: response.headers };
  }

  return {
    url: base,
    get: (path, query = {}) => answered(path + queryText(query), {}),
    send: (method, path, body, headers = {}) =>
      answered(path, {
        method,
        headers: { 'Content-Type': 'application/json', ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    stream: (path, query, lastId, signal) =>
      request(path + queryText(query), {
        headers: lastId === undefined ? {} : { 'Last-Event-ID': lastId },
        signal,
      }),
  };
}

function queryText(query: Query): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

async function refusal(response: Response, call: string): Promise<Failure> {
  const { status } = response;
  const words = wordsOf(await response.text().catch(() => ''));
  if (status === 401 || status === 403)
    return new Failure(`${words} (${status}; the token: --token, OMS_WEBHOOKS_TOKEN)`, EXIT.notPermitted);
  const exitCode = status === 429 || status >= 502 ? EXIT.unavailable : EXIT.failed;
  return new Failure(`${words} (${call} was answered ${status})`, exitCode);
}

/** The messages of an error's body, a field each. */
function wordsOf(text: string): string {
  try {
    return lines(JSON.parse(text), []).join('; ');
  } catch {
    return text.trim().slice(0, 500) || 'refused without a word';
  }
}

function lines(node: unknown, path: string[]): string[] {
  if (Array.isArray(node)) return node.flatMap((item) => lines(item, path));
  if (typeof node === 'object' && node !== null)
    return Object.entries(node).flatMap(([name, item]) =>
      lines(
        item,
        ['detail', 'non_field_errors', 'en', 'error', 'description'].includes(name) ? path : [...path, name],
      ),
    );
  return [path.length === 0 ? String(node) : `${path.join('.')}: ${String(node)}`];
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError';

function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
