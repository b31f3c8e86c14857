import { createHmac } from 'node:crypto';

/** `X-Whisperer-Signature`: HMAC-SHA256 of the exact body, keyed with the secret's UTF-8 bytes. */
export function whispererSignature(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

const STANDARD = 'whsec_';
/** With its padding: receivers' libraries refuse to decode anything else. */
const BASE64 = /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/;

/** Whether a secret is written as Standard Webhooks' and cannot be decoded as such. */
export function isBrokenStandardSecret(secret: string): boolean {
  return secret.startsWith(STANDARD) && standardKey(secret) === undefined;
}

/** The key that `whsec_<base64>` stands for; undefined for any other text. */
function standardKey(secret: string): Buffer | undefined {
  const encoded = secret.startsWith(STANDARD) ? secret.slice(STANDARD.length) : '';
  return encoded !== '' && BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : undefined;
}

/**
 * One `v1` signature of Standard Webhooks over `id.timestamp.body`. A secret written `whsec_<base64>` is keyed with
 * the decoded bytes, as that specification says; any other secret, broken ones included, with its UTF-8 bytes.
 * @param timestamp seconds since the epoch, the time of this attempt
 */
export function standardSignature(
  secret: string,
  id: string,
  timestamp: number,
  body: string | Buffer,
): string {
  const digest = createHmac('sha256', standardKey(secret) ?? secret)
    .update(`${id}.${timestamp}.`)
    .update(body)
    .digest('base64');
  return `v1,${digest}`;
}
