import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Whether `X-Whisperer-Signature` is the one that the holder of the secret makes of exactly these bytes. Verify before you
 * parse: JSON that was parsed and written again is not the same bytes.
 */
export function verifySignature(secret: string, body: Buffer, signature: string): boolean {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  const given = Buffer.from(signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
