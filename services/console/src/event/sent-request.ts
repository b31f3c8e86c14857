import type { Attempt, WebhookEvent } from '../api/events.ts';
import { canSign, standardSignature, whispererSignature } from './signatures.ts';

export interface SentRequest {
  url: string;
  headers: Header[];
  body: string;
}

export interface Header {
  name: string;
  value: string;
  secret: boolean;
}

/** Headers that belong to the connection: a webhook's additional headers do not set them. */
const NOT_SETTABLE =
  /^(connection|content-length|expect|host|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade)$/i;

/**
 * A request as the dispatcher makes it, put together from the event, its webhook as it is now, and the time of an attempt.
 * What is not kept is left out: the `traceparent`, and what a token service gave.
 */
export async function sentRequest(
  event: WebhookEvent & { body: string },
  attempt: Pick<Attempt, 'number' | 'request_datetime'>,
): Promise<SentRequest> {
  const { webhook, body, uuid } = event;
  const timestamp = Math.floor(Date.parse(attempt.request_datetime) / 1000);
  const headers: Header[] = [
    ['Content-Type', 'application/json'],
    ['X-Whisperer-Event', event.request_payload.event.type],
    ['X-Whisperer-Attempt', String(attempt.number)],
    ['webhook-id', uuid],
    ['webhook-timestamp', String(timestamp)],
  ].map(([name = '', value = '']) => ({ name, value, secret: false }));
  const { secret_key: secret } = webhook;
  if (secret && canSign()) {
    const [ours, standard] = await Promise.all([
      whispererSignature(secret, body),
      standardSignature(secret, uuid, timestamp, body),
    ]);
    headers.push({ name: 'X-Whisperer-Signature', value: ours, secret: false });
    headers.push({ name: 'webhook-signature', value: standard, secret: false });
  }
  for (const [name, value] of Object.entries(webhook.additional_headers))
    if (!NOT_SETTABLE.test(name)) set(headers, { name, value, secret: true });
  const authorization = authorizationOf(webhook.config.auth);
  if (authorization !== undefined)
    set(headers, { name: 'Authorization', value: authorization, secret: true });
  return { url: webhook.target_url, headers, body };
}

function set(headers: Header[], header: Header): void {
  const at = headers.findIndex(({ name }) => name.toLowerCase() === header.name.toLowerCase());
  if (at >= 0) headers.splice(at, 1);
  headers.push(header);
}

function authorizationOf(auth: WebhookEvent['webhook']['config']['auth']): string | undefined {
  if (auth?.auth_type === 'bearer') return `Bearer ${String(auth.token)}`;
  if (auth?.auth_type !== 'basic') return undefined;
  const credentials = new TextEncoder().encode(`${String(auth.username)}:${String(auth.password)}`);
  return `Basic ${btoa(String.fromCharCode(...credentials))}`;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** A command for a shell that sends the same request. @param mask hides what is secret */
export function curlOf({ url, headers, body }: SentRequest, mask: (header: Header) => string): string {
  return [
    `curl -i -X POST ${quoted(url)}`,
    ...headers.map((header) => `  -H ${quoted(`${header.name}: ${mask(header)}`)}`),
    // An @ at the beginning would name a file.
    `  --data-raw ${quoted(body)}`,
  ].join(' \\\n');
}
