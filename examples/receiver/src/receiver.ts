import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verifySignature } from './verify-signature.ts';

export interface ReceiverOptions {
  /** 0 for any free port. */
  port: number;
  /** The loopback unless told. */
  host?: string;
  /** The webhook's secret_key; without one nothing is verified. */
  secret?: string | undefined;
  /** So many first requests are answered 500. */
  failFirst?: number;
  /** The answer to the others. */
  status?: number;
  onDelivery: (delivery: Delivery) => void;
}

/** One request as it came in, and how it was answered. */
export interface Delivery {
  /** From 1, in order of arrival. */
  number: number;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Of the body, when it is a webhook event. */
  event: { type: string; uuid: string } | undefined;
  signature: 'valid' | 'wrong' | 'missing' | 'not checked';
  answered: number;
}

export interface Receiver {
  url: string;
  close: () => Promise<void>;
}

/** A partner's server in small: takes POSTs, verifies their signature, answers. */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const { port, host = '127.0.0.1', secret, failFirst = 0, status = 200, onDelivery } = options;
  let received = 0;

  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(405, { allow: 'POST' }).end();
      return;
    }
    answer(request).then(
      ([code, words]) => response.writeHead(code, { 'content-type': 'text/plain' }).end(words),
      () => response.destroy(),
    );
  });

  async function answer(request: IncomingMessage): Promise<[status: number, words: string]> {
    const body = await buffer(request);
    const number = ++received;
    const signature = checkSignature(secret, body, request.headers['x-whisperer-signature']);
    const answered =
      signature === 'wrong' || signature === 'missing' ? 401 : number <= failFirst ? 500 : status;
    const text = body.toString('utf8');
    const { headers, url: path = '/' } = request;
    onDelivery({ number, path, headers, body: text, event: eventOf(text), signature, answered });
    return [
      answered,
      answered < 300 ? 'thank you' : answered === 401 ? 'signature missing or wrong' : 'not today',
    ];
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function checkSignature(secret: string | undefined, body: Buffer, header: string | string[] | undefined) {
  if (!secret) return 'not checked';
  if (typeof header !== 'string') return 'missing';
  return verifySignature(secret, body, header) ? 'valid' : 'wrong';
}

function eventOf(body: string): Delivery['event'] {
  try {
    const { event } = JSON.parse(body) as { event?: { type?: unknown; uuid?: unknown } };
    return event ? { type: String(event.type), uuid: String(event.uuid) } : undefined;
  } catch {
    return undefined;
  }
}

/** A delivery in one line. */
export function deliveryLine({ event, headers, path, signature, answered }: Delivery): string {
  const attempt = headers['x-whisperer-attempt'];
  const what = event ? `${event.type} ${event.uuid}` : 'a body that is no webhook event';
  const which = typeof attempt === 'string' ? `, attempt ${attempt}` : '';
  return `POST ${path}  ${what}${which}, signature ${signature} → ${answered}`;
}
