import { timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { standardSignature, whispererSignature } from '@oms-webhooks/domain';

/** An older or newer request than this is taken for a repetition by somebody else. */
const TOLERANCE_SECONDS = 300;

type Verdict = 'valid' | 'wrong' | 'missing' | 'too old';

export interface Verdicts {
  /** X-Whisperer-Signature. */
  whisperer: Verdict;
  /** webhook-signature, as Standard Webhooks says. */
  standard: Verdict;
}

/** Both signatures of a request, verified over exactly the bytes that came. @param now seconds since the epoch */
export function verifySignatures(
  secret: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
  now: number,
): Verdicts {
  return {
    whisperer: whispererVerdict(secret, headers, body),
    standard: standardVerdict(secret, headers, body, now),
  };
}

function whispererVerdict(secret: string, headers: IncomingHttpHeaders, body: Buffer): Verdict {
  // While a secret is being changed, the one before signs in a header of its own.
  const given = [headers['x-whisperer-signature'], headers['x-whisperer-signature-previous']].filter(
    (header) => typeof header === 'string',
  );
  if (given.length === 0) return 'missing';
  return given.some((signature) => same(signature, whispererSignature(secret, body))) ? 'valid' : 'wrong';
}

function standardVerdict(secret: string, headers: IncomingHttpHeaders, body: Buffer, now: number): Verdict {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': given } = headers;
  if (typeof id !== 'string' || typeof timestamp !== 'string' || typeof given !== 'string') return 'missing';
  if (!/^\d{1,12}$/.test(timestamp)) return 'wrong';
  const expected = standardSignature(secret, id, Number(timestamp), body);
  if (!given.split(' ').some((signature) => same(signature, expected))) return 'wrong';
  return Math.abs(now - Number(timestamp)) <= TOLERANCE_SECONDS ? 'valid' : 'too old';
}

function same(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
