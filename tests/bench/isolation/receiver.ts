import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Receivers of all webhooks in one server: `/sick/…` answers as told, every other path 200 at once. */
export interface Receiver {
  url: string;
  /** Key of an event → when it first arrived at a well path, by `performance.now()`. */
  arrivedAt: Map<string, number>;
  sickness: (response: ServerResponse) => void;
  /** Breaks the connections of requests to sick paths that are still open. */
  endSickRequests(): void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.url?.startsWith('/sick/')) {
        open.add(response);
        response.once('close', () => open.delete(response));
        receiver.sickness(response);
        return;
      }
      const { payload } = JSON.parse(Buffer.concat(chunks).toString()) as { payload: { key: string } };
      if (!receiver.arrivedAt.has(payload.key)) receiver.arrivedAt.set(payload.key, performance.now());
      response.writeHead(200).end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    arrivedAt: new Map(),
    sickness: () => undefined,
    endSickRequests: () => open.forEach((response) => response.destroy()),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return receiver;
}
