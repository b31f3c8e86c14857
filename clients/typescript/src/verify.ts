import { createHmac, timingSafeEqual } from 'node:crypto';
import type { webhooks } from './schema.ts';

/** The body of a delivery. */
export type Delivery = webhooks['delivery']['post']['requestBody']['content']['application/json'];

/** A request as it came in: the bytes of its body, not what a parser made of them. */
export interface ReceivedRequest {
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
  body: Uint8Array | string;
}

export interface VerifyOptions {
  /** The webhook's `secret_key`; while it is being replaced both, in any order. */
  secret: string | readonly string[];
  /**
   * Which signature must be right. `standard` (Standard Webhooks) covers the time, so that a request cannot be played again
   * later; `whisperer` (`X-Whisperer-Signature`) covers the body alone.
   */
  kind?: 'standard' | 'whisperer';
  /** How far the sender's clock may be from ours; 300 unless told. */
  toleranceSeconds?: number;
  /** Milliseconds since 1970. */
  now?: () => number;
}

/** The request was not sent by whoever has the secret, or not now. */
export class VerificationError extends Error {
  override name = 'VerificationError';
}

const TOLERANCE_SECONDS = 300;

/** The delivery of a request whose signature is right. Throws `VerificationError`. */
export function verify(request: ReceivedRequest, options: VerifyOptions): Delivery {
  const { secret, kind = 'standard' } = options;
  const secrets = typeof secret === 'string' ? [secret] : secret;
  if (secrets.length === 0 || secrets.includes('')) throw new Error('verify needs a secret');
  const body = Buffer.from(request.body as string);
  const [given, expected] =
    kind === 'standard'
      ? standardSignatures(request, body, secrets, options)
      : whispererSignatures(request, body, secrets);
  if (!given.some((one) => expected.some((other) => isSame(one, other))))
    throw new VerificationError('The signature is wrong.');
  return JSON.parse(body.toString('utf8')) as Delivery;
}

type Signatures = [given: string[], expected: string[]];

function standardSignatures(
  request: ReceivedRequest,
  body: Buffer,
  secrets: readonly string[],
  { toleranceSeconds = TOLERANCE_SECONDS, now = Date.now }: VerifyOptions,
): Signatures {
  const id = required(request, 'webhook-id');
  const timestamp = required(request, 'webhook-timestamp');
  const given = required(request, 'webhook-signature').split(' ');
  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(now() / 1000 - Number(timestamp)) > toleranceSeconds)
    throw new VerificationError('The timestamp is too far from now.');
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]);
  return [given, secrets.map((secret) => `v1,${hmac(keyOf(secret), signed, 'base64')}`)];
}

function whispererSignatures(request: ReceivedRequest, body: Buffer, secrets: readonly string[]): Signatures {
  const previous = header(request, 'x-whisperer-signature-previous');
  const given = [required(request, 'x-whisperer-signature'), ...(previous === undefined ? [] : [previous])];
  return [given, secrets.map((secret) => `sha256=${hmac(secret, body, 'hex')}`)];
}

/** A secret `whsec_…` is the base64 of its key; any other is its key. */
const keyOf = (secret: string): Buffer =>
  secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : Buffer.from(secret);

const hmac = (key: string | Buffer, signed: Buffer, encoding: 'base64' | 'hex') =>
  createHmac('sha256', key).update(signed).digest(encoding);

function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function required(request: ReceivedRequest, name: string): string {
  const value = header(request, name);
  if (value === undefined) throw new VerificationError(`The header ${name} is missing.`);
  return value;
}

/** @param name in lower case, as Node writes them */
function header({ headers }: ReceivedRequest, name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const value =
    headers[name] ?? headers[Object.keys(headers).find((one) => one.toLowerCase() === name) ?? name];
  return Array.isArray(value) ? value[0] : value;
}
