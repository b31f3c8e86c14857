import type { components, operations, paths } from '@oms-webhooks/client';
import createClient, { type Middleware } from 'openapi-fetch';
import { ApiFailure } from './api-failure.ts';
import { noteServerDate } from './server-clock.ts';
import { signOut, tokenInUse } from './session.ts';

/** A shape of the OpenAPI document, by its name. */
export type Shape<Name extends keyof components['schemas']> = components['schemas'][Name];

/** What an operation of the OpenAPI document answers with 200. */
export type AnswerTo<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { 'application/json': infer Answer } } };
}
  ? Answer
  : never;

/** Every call goes with the token in use. A token that is not valid any more leads back to signing in. */
const session: Middleware = {
  onRequest({ request }) {
    request.headers.set('Authorization', `Token ${tokenInUse() ?? ''}`);
  },
  async onResponse({ response }) {
    noteServerDate(response.headers.get('Date'));
    if (response.ok) return;
    if (response.status === 401) signOut();
    throw new ApiFailure(response.status, await bodyOf(response), response.headers.get('X-Request-Id'));
  },
  onError: ({ request }) => (request.signal.aborted ? undefined : new ApiFailure(0, null)),
};

/** The calls of the OpenAPI document. They throw an `ApiFailure` where the answer is no good one. */
export const api = createClient<paths>();
api.use(session);

/** What a call that has an answer is answered. */
export async function answerOf<Answer>(call: Promise<{ data?: Answer }>): Promise<NonNullable<Answer>> {
  const { data } = await call.catch((error: unknown) => {
    // What `fetch` says of a body that broke off.
    throw error instanceof TypeError ? new ApiFailure(0, null) : error;
  });
  if (data === undefined || data === null) throw new ApiFailure(0, null);
  return data;
}

/** Parameters as they stand in the address; the API says what it makes of them. */
export const asTheyStand = (query: URLSearchParams) => ({ querySerializer: () => query.toString() });

async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '');
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
