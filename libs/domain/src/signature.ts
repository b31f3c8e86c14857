import { createHmac } from 'node:crypto';

/** `X-Whisperer-Signature`: HMAC-SHA256 of the exact body, keyed with the secret's UTF-8 bytes. */
export function whispererSignature(secret: string, body: string | Buffer): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

/**
 * One `v1` signature of Standard Webhooks over `id.timestamp.body`. A secret written `whsec_<base64>` is keyed with
 * the decoded bytes, as that specification says; any other secret with its UTF-8 bytes.
 * @param timestamp seconds since the epoch, the time of this attempt
 */
export function standardSignature(
  secret: string,
  id: string,
  timestamp: number,
  body: string | Buffer,
): string {
  const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice('whsec_'.length), 'base64') : secret;
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return `v1,${digest}`;
}
