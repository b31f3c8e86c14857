import {
  standardSignature,
  undashed,
  whispererSignature,
  type DispatchedEvent,
  type Instant,
  type Webhook,
} from '@oms-webhooks/domain';

const USER_AGENT = 'oms-webhooks/0.1';

/** Headers that belong to the connection or to the body's framing; a webhook's additional headers cannot set them. */
const NOT_SETTABLE = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/**
 * The headers of one attempt: dj-whisperer's, Standard Webhooks', then the webhook's own, which win, and last its
 * authorization, which beats even those.
 * @param sentAt the time of this attempt; its whole seconds are signed
 */
export function requestHeaders(options: {
  event: DispatchedEvent;
  webhook: Webhook;
  body: string | Buffer;
  sentAt: Instant;
  authorization: string | null;
}): Record<string, string> {
  const { event, webhook, body, sentAt, authorization } = options;
  const timestamp = Math.floor(sentAt / 1_000_000);
  const headers: Record<string, string> = {
    'Content-Type': 'application/json',
    'User-Agent': USER_AGENT,
    'X-Whisperer-Event': event.eventType,
    'X-Whisperer-Attempt': String(event.attempts + 1),
    'webhook-id': event.uuid,
    'webhook-timestamp': String(timestamp),
    traceparent: event.traceparent ?? ownTraceparent(event.uuid, event.attempts),
  };
  const secrets = signingSecrets(webhook, sentAt);
  const [current, previous] = secrets.map((secret) => whispererSignature(secret, body));
  if (current !== undefined) {
    headers['X-Whisperer-Signature'] = current;
    headers['webhook-signature'] = secrets
      .map((secret) => standardSignature(secret, event.uuid, timestamp, body))
      .join(' ');
  }
  if (previous !== undefined) headers['X-Whisperer-Signature-Previous'] = previous;
  for (const [name, value] of Object.entries(webhook.additionalHeaders)) {
    if (!NOT_SETTABLE.has(name.toLowerCase())) setHeader(headers, name, value);
  }
  if (authorization !== null) setHeader(headers, 'Authorization', authorization);
  return headers;
}

/** The key, and after a change of it the one before, so that the target may change over at its own moment. */
function signingSecrets(webhook: Webhook, at: Instant): string[] {
  const { secretKey, previousSecretKey, previousSecretUntil } = webhook;
  if (!secretKey) return [];
  const overlaps = previousSecretKey && previousSecretUntil !== null && previousSecretUntil > at;
  return overlaps ? [secretKey, previousSecretKey] : [secretKey];
}

/** Header names have no case: what is set replaces the same name in another spelling. */
function setHeader(headers: Record<string, string>, name: string, value: string): void {
  const lower = name.toLowerCase();
  for (const present of Object.keys(headers)) if (present.toLowerCase() === lower) delete headers[present];
  headers[name] = value;
}

/** A trace of its own for an event that came without one: the event's uuid, and the attempt as its span; not sampled. */
function ownTraceparent(uuid: string, attempts: number): string {
  return `00-${undashed(uuid)}-${(attempts + 1).toString(16).padStart(16, '0')}-00`;
}
