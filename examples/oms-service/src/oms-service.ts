import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OmsServiceOptions {
  /** 0 for any free port. */
  port: number;
  /** What `Authorization: Token …` must carry. */
  token: string;
  onLookUp?: (path: string, status: number) => void;
}

export interface OmsService {
  /** For `OMS_API_URL`. */
  url: string;
  close: () => Promise<void>;
}

/** The resources by path; their text is served as it stands in the file. */
const resources = new Map([
  ['/api/v1/oms/packages/8812/', readFileSync(new URL('../data/package-8812.json', import.meta.url), 'utf8')],
]);

/** A domain service of an order-management system in small: it knows one package, number 8812. */
export async function startOmsService({ port, token, onLookUp }: OmsServiceOptions): Promise<OmsService> {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://oms').pathname;
    const [status, body] = answer(request, path, token);
    onLookUp?.(path, status);
    response
      .writeHead(status, {
        'content-type': 'application/json',
        ...(status === 401 && { 'www-authenticate': 'Token' }),
      })
      .end(body);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, path: string, token: string): [status: number, body: string] {
  if (request.headers.authorization !== `Token ${token}`) return [401, '{"detail":"Invalid token."}'];
  if (request.method !== 'GET') return [405, `{"detail":"Method \\"${request.method}\\" not allowed."}`];
  const resource = resources.get(path);
  return resource === undefined ? [404, '{"detail":"Not found."}'] : [200, resource];
}
