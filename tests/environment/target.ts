import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface ReceivedRequest {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** Milliseconds since the epoch. */
  at: number;
}

export type Answer = (response: ServerResponse, request: ReceivedRequest, number: number) => void;

export interface Target {
  url: string;
  received: ReceivedRequest[];
  /** Changes what is answered from now on. */
  answer(with_: Answer): void;
  close(): Promise<void>;
}

/** A receiver of webhooks on loopback that answers as told and remembers what it got. */
export async function startTarget(answer: Answer = respond(200, 'ok')): Promise<Target> {
  const received: ReceivedRequest[] = [];
  let current = answer;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const got = { path: request.url ?? '', headers: request.headers, body, at: Date.now() };
      received.push(got);
      current(response, got, received.length);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: (with_) => {
      current = with_;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Answers every request alike. */
export const respond =
  (status: number, body = '', headers: Record<string, string> = {}): Answer =>
  (response) =>
    void response.writeHead(status, headers).end(body);

/** Waits for a condition, with a limit; answers what the condition answered. */
export async function eventually<T>(
  condition: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 20, what = 'the condition' } = {},
): Promise<NonNullable<T>> {
  const until = Date.now() + withinMs;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > until) throw new Error(`${what} did not come about within ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
