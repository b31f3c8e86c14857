/*
 * The signatures of `libs/domain/src/signature.ts`, made in the browser. Web Crypto is there on https and on this machine only,
 * by the browsers' own rule.
 */

const bytesOf = (text: string) => new TextEncoder().encode(text);

export const canSign = (): boolean => 'subtle' in crypto && isSecureContext;

async function hmac(key: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const { subtle } = globalThis.crypto;
  const imported = await subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return new Uint8Array(await subtle.sign('HMAC', imported, bytesOf(text)));
}

/** `X-Whisperer-Signature`. */
export async function whispererSignature(secret: string, body: string): Promise<string> {
  const digest = await hmac(bytesOf(secret), body);
  return `sha256=${[...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** One `v1` signature of Standard Webhooks. `whsec_…` stands for the bytes that it has in base64. */
export async function standardSignature(
  secret: string,
  id: string,
  timestamp: number,
  body: string,
): Promise<string> {
  const digest = await hmac(standardKey(secret), `${id}.${timestamp}.${body}`);
  return `v1,${btoa(String.fromCharCode(...digest))}`;
}

function standardKey(secret: string): Uint8Array<ArrayBuffer> {
  if (!secret.startsWith('whsec_')) return bytesOf(secret);
  try {
    const decoded = atob(secret.slice('whsec_'.length));
    return decoded === '' ? bytesOf(secret) : Uint8Array.from(decoded, (char) => char.charCodeAt(0));
  } catch {
    return bytesOf(secret);
  }
}
