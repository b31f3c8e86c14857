import type { FailureKind, Instant, Outcome } from '@oms-webhooks/domain';
import { errors, request, type Dispatcher } from 'undici';
import { EgressProxyError } from './egress-proxy.ts';
import { BlockedAddressError } from './target-look-up.ts';

/** A request, ready to be sent. */
export interface PreparedRequest {
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What is kept of an answer. */
const RESPONSE_LIMIT_BYTES = 64 * 1024;

/**
 * Sends one request and reads the answer up to its limit. The time limit is for all of it: an answer that drips is
 * cut off like one that never begins. Redirects are not followed, compressed answers are not inflated.
 * @throws EgressProxyError where nothing was sent, for a fault that is not the target's
 */
export async function send(
  { url, headers, body }: PreparedRequest,
  options: { agent: Dispatcher; timeoutMs: number; now: () => Instant },
): Promise<Outcome> {
  const { agent, timeoutMs, now } = options;
  const startedAt = now();
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await request(url, {
      method: 'POST',
      headers,
      body,
      dispatcher: agent,
      signal: timeout,
    });
    const content = await readUpTo(RESPONSE_LIMIT_BYTES, response.body);
    return {
      kind: 'answered',
      status: response.statusCode,
      headers: plainHeaders(response.headers),
      content,
      startedAt,
      durationMs: (now() - startedAt) / 1000,
    };
  } catch (error) {
    if (error instanceof EgressProxyError) throw error;
    const failure = timeout.aborted ? 'timeout' : failureKind(error);
    const text = timeout.aborted ? `No complete answer within ${timeoutMs} ms.` : errorText(error);
    return { kind: 'failed', failure, error: text, startedAt, durationMs: (now() - startedAt) / 1000 };
  }
}

async function readUpTo(limit: number, body: Dispatcher.ResponseData['body']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the stream and its connection: what is not wanted is not read.
    if (size >= limit) break;
  }
  const [only] = chunks;
  return chunks.length === 1 && only && size <= limit ? only : Buffer.concat(chunks).subarray(0, limit);
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
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
