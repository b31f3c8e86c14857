import type { TargetAuth, Webhook } from '@oms-webhooks/domain';
import { request, type Dispatcher } from 'undici';

/** A fetched token is used this long before it is fetched anew. */
const TOKEN_AGE_MS = 5 * 60_000;
/** An answer with a token is small. */
const ANSWER_LIMIT_BYTES = 64 * 1024;

type TokenAuth = Extract<TargetAuth, { auth_type: 'token' }>;

/** The target's token service did not give a token. */
class TokenRefusedError extends Error {
  override name = 'TokenRefusedError';
}

/**
 * The `Authorization` of requests to targets, from `config.auth`. `token` logs in at the target's own token service
 * first; that URL comes from outside as well, so it goes through the same guarded agent.
 */
export class TargetAuthorization {
  readonly #agent: Dispatcher;
  readonly #timeoutMs: number;
  readonly #tokens = new Map<number, { auth: string; header: Promise<string>; fetchedAt: number }>();

  constructor(agent: Dispatcher, timeoutMs: number) {
    this.#agent = agent;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws TokenRefusedError and network errors of the token service */
  async header({ id, config: { auth } }: Webhook): Promise<string | null> {
    switch (auth?.auth_type) {
      case 'basic':
        return `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`;
      case 'bearer':
        return `Bearer ${auth.token}`;
      case 'token':
        return this.#tokenHeader(id, auth);
      default:
        return null;
    }
  }

  /** The target refused the token (401): the next attempt logs in again. */
  refused(webhookId: number): void {
    this.#tokens.delete(webhookId);
  }

  #tokenHeader(webhookId: number, auth: TokenAuth): Promise<string> {
    const settings = JSON.stringify(auth);
    const known = this.#tokens.get(webhookId);
    if (known?.auth === settings && performance.now() - known.fetchedAt < TOKEN_AGE_MS) return known.header;
    const header = this.#login(auth);
    const entry = { auth: settings, header, fetchedAt: performance.now() };
    this.#tokens.set(webhookId, entry);
    header.catch(() => {
      if (this.#tokens.get(webhookId) === entry) this.#tokens.delete(webhookId);
    });
    return header;
  }

  async #login(auth: TokenAuth): Promise<string> {
    const form = new URLSearchParams({
      [auth.username_field ?? 'username']: auth.username,
      [auth.password_field ?? 'password']: auth.password,
    });
    const { statusCode, body } = await request(auth.url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
      body: form.toString(),
      dispatcher: this.#agent,
      signal: AbortSignal.timeout(this.#timeoutMs),
    });
    let text = '';
    for await (const chunk of body as AsyncIterable<Buffer>) {
      text += chunk.toString('utf8');
      if (text.length > ANSWER_LIMIT_BYTES) break;
    }
    if (statusCode < 200 || statusCode > 299) {
      throw new TokenRefusedError(`The token service answered ${statusCode}.`);
    }
    const token = tokenIn(text, auth.token_key ?? 'key');
    return (auth.header_format ?? 'Token {}').replace('{}', () => token);
  }
}

function tokenIn(text: string, key: string): string {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new TokenRefusedError('The token service did not answer with JSON.');
  }
  const token = (answer as Record<string, unknown> | null)?.[key];
  if (typeof token !== 'string' || /[\r\n]/.test(token)) {
    throw new TokenRefusedError(`The token service's answer has no "${key}".`);
  }
  return token;
}
