import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { Certificate } from './certificate-authority.ts';

/** What the proxy does when it is asked for a tunnel: open it, refuse it, say nothing, or hang up. */
export type TunnelAnswer = 'open' | 'silence' | 'hang up' | number;

export interface Proxy {
  port: number;
  /** The tunnels it was asked for. */
  asked: { authority: string; headers: IncomingHttpHeaders }[];
  /** Changes what it answers from now on. */
  answer(with_: (authority: string) => TunnelAnswer): void;
  close(): Promise<void>;
}

/** An HTTP proxy on loopback that knows CONNECT and nothing else; with a certificate it speaks TLS. */
export async function startProxy(options: { port?: number; certificate?: Certificate } = {}): Promise<Proxy> {
  const asked: Proxy['asked'] = [];
  const sockets = new Set<Socket>();
  let current: (authority: string) => TunnelAnswer = () => 'open';
  const refuse: RequestListener = (_, response) => void response.writeHead(405).end();
  const server = options.certificate
    ? createHttpsServer(options.certificate, refuse)
    : createHttpServer(refuse);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request, client: Socket) => {
    const authority = request.url ?? '';
    asked.push({ authority, headers: request.headers });
    client.on('error', () => undefined);
    const answer = current(authority);
    if (answer === 'silence') return;
    if (answer === 'hang up') return client.destroy();
    if (answer !== 'open') return client.end(`HTTP/1.1 ${answer} No\r\nContent-Length: 0\r\n\r\n`);
    const { hostname, port } = new URL(`http://${authority}`);
    const target = connect(Number(port || 80), hostname.replace(/^\[|\]$/g, ''), () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    sockets.add(target);
    target.on('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    answer: (with_) => {
      current = with_;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
