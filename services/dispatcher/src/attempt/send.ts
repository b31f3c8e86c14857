import type { IncomingHttpHeaders } from 'node:http';
import type { FailureKind, Instant, Outcome } from '@oms-webhooks/domain';
import { errors, type Dispatcher } from 'undici';
import { EgressProxyError } from './egress-proxy.ts';
import { BlockedAddressError } from './target-look-up.ts';

/** A request, ready to be sent. */
export interface PreparedRequest {
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** What is kept of an answer. */
const RESPONSE_LIMIT_BYTES = 64 * 1024;

/**
 * Sends one request and reads the answer up to its limit. The time limit is for all of it: an answer that drips is
 * cut off like one that never begins. Redirects are not followed, compressed answers are not inflated.
 * @throws EgressProxyError where nothing was sent, for a fault that is not the target's
 */
export function send(
  request: PreparedRequest,
  { agent, ...limits }: { agent: Dispatcher; timeoutMs: number; now: () => Instant },
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { origin, pathname, search } = new URL(request.url);
    const exchange = new Exchange(limits, resolve, reject);
    const { headers, body } = request;
    // One limit for all of it, so undici needs no timers of its own.
    const noTimers = { headersTimeout: 0, bodyTimeout: 0 };
    agent.dispatch({ origin, path: pathname + search, method: 'POST', headers, body, ...noTimers }, exchange);
  });
}

/** What comes back for one request. undici's handler rather than its streams, which cost as much as all the rest. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #now: () => Instant;
  readonly #startedAt: Instant;
  readonly #resolve: (outcome: Outcome) => void;
  readonly #reject: (error: EgressProxyError) => void;
  readonly #timer: NodeJS.Timeout;
  #controller: Dispatcher.DispatchController | undefined;
  #isOver = false;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  #chunks: Buffer[] = [];
  #size = 0;

  constructor(
    { timeoutMs, now }: { timeoutMs: number; now: () => Instant },
    resolve: (outcome: Outcome) => void,
    reject: (error: EgressProxyError) => void,
  ) {
    this.#now = now;
    this.#startedAt = now();
    this.#resolve = resolve;
    this.#reject = reject;
    this.#timer = setTimeout(() => {
      this.#fail('timeout', `No complete answer within ${timeoutMs} ms.`);
      this.#cut();
    }, timeoutMs);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for its connection for as long as it had.
    if (this.#isOver) this.#cut();
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    if (this.#size < RESPONSE_LIMIT_BYTES) return;
    this.#answer();
    this.#cut();
  }

  onResponseEnd(): void {
    this.#answer();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    if (error instanceof EgressProxyError) this.#end(() => this.#reject(error));
    else this.#fail(failureKind(error), errorText(error));
  }

  #answer(): void {
    const content = Buffer.concat(this.#chunks).subarray(0, RESPONSE_LIMIT_BYTES);
    const headers = plainHeaders(this.#headers);
    this.#end(() =>
      this.#resolve({ kind: 'answered', status: this.#status, headers, content, ...this.#times() }),
    );
  }

  #fail(failure: FailureKind, error: string): void {
    this.#end(() => this.#resolve({ kind: 'failed', failure, error, ...this.#times() }));
  }

  #times(): { startedAt: Instant; durationMs: number } {
    return { startedAt: this.#startedAt, durationMs: (this.#now() - this.#startedAt) / 1000 };
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    tell();
  }

  /** Breaks the connection: what is not wanted is not read. */
  #cut(): void {
    this.#controller?.abort(new Error('cut'));
  }
}

function plainHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const plain: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) plain[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return plain;
}

function failureKind(error: unknown): FailureKind {
  const code = (error as { code?: unknown }).code;
  if (error instanceof BlockedAddressError) return 'blocked';
  // Most of them come without a code.
  if (error instanceof errors.HTTPParserError) return 'response';
  if (typeof code !== 'string') return 'connection';
  if (code === 'ENOTFOUND' || code.startsWith('EAI_')) return 'dns';
  if (code === 'UND_ERR_CONNECT_TIMEOUT') return 'timeout';
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return 'response';
  return /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH/.test(code)
    ? 'tls'
    : 'connection';
}

function errorText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return errorText(error.errors[0]);
  const { message, code } = error as { message?: string; code?: unknown };
  const text = message || 'The connection failed.';
  return typeof code === 'string' && !text.includes(code) ? `${text} (${code})` : text;
}
