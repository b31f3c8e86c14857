import { ApiFailure } from './api-failure.ts';
import { noteServerDate } from './server-clock.ts';
import { signOut, tokenInUse } from './session.ts';

export interface CallOptions {
  query?: URLSearchParams | undefined;
  json?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** One call of the API with the token in use. A token that is not valid any more leads back to signing in. */
export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<T> {
  return JSON.parse(await callForText(method, path, options)) as T;
}

/** The same for an answer whose exact text matters, or that has none. */
export async function callForText(method: string, path: string, options: CallOptions = {}): Promise<string> {
  const response = await send(method, path, options);
  return response.text().catch(() => {
    throw new ApiFailure(0, null);
  });
}

/** The answer once its headers are there, if it is a good one; else an `ApiFailure`. */
export async function send(
  method: string,
  path: string,
  { query, json, headers, signal }: CallOptions = {},
): Promise<Response> {
  const response = await fetch(query?.size ? `${path}?${query}` : path, {
    method,
    headers: {
      Authorization: `Token ${tokenInUse() ?? ''}`,
      ...(json !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    throw signal?.aborted ? error : new ApiFailure(0, null);
  });
  noteServerDate(response.headers.get('Date'));
  if (response.ok) return response;
  if (response.status === 401) signOut();
  throw new ApiFailure(response.status, await bodyOf(response), response.headers.get('X-Request-Id'));
}

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
