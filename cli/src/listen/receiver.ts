import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { verifySignatures, type Verdicts } from './verify-signatures.ts';

export interface ReceiverOptions {
  port: number;
  host: string;
  /** Without one nothing is verified. */
  secret: string | undefined;
  /** What requests with good signatures are answered, in turn; the last one from then on. */
  statuses: number[];
  onRequest: (received: Received) => void;
}

/** A request as it came in, and how it was answered. */
export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Undefined without a secret. */
  signatures: Verdicts | undefined;
  answered: number;
}

/** A receiver of webhooks in small: verifies, answers, and tells of it. Rejects when the port is taken. */
export async function startReceiver(
  options: ReceiverOptions,
): Promise<{ url: string; close: () => Promise<void> }> {
  const { port, host, secret, statuses, onRequest } = options;
  let answers = 0;

  async function receive(request: IncomingMessage): Promise<number> {
    const body = await buffer(request);
    const { headers, url: path = '/' } = request;
    const signatures =
      secret === undefined ? undefined : verifySignatures(secret, headers, body, Date.now() / 1000);
    const isGood = !signatures || Object.values(signatures).every((verdict) => verdict === 'valid');
    const answered = isGood ? (statuses[Math.min(answers++, statuses.length - 1)] ?? 200) : 401;
    onRequest({ path, headers, body: body.toString('utf8'), signatures, answered });
    return answered;
  }

  const server = createServer((request, response) => {
    if (request.method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
    receive(request).then(
      (status) => response.writeHead(status, { 'content-type': 'text/plain' }).end(`answered ${status}\n`),
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const { address, family, port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${taken}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
