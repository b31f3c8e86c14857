import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Resource } from './package-life.ts';

export interface OmsServiceOptions {
  /** 0 for any free port. */
  port: number;
  /** The loopback unless told. */
  host?: string;
  /** What `Authorization: Token …` must carry. */
  token: string;
  onLookUp?: (path: string, status: number) => void;
}

export interface OmsService {
  /** For `OMS_API_URL`. */
  url: string;
  /** Serves a resource as it is now. */
  serve: (resource: Resource) => void;
  close: () => Promise<void>;
}

/** As the default of `CONTENT_TYPES` has it. */
const pathOf = ({ model, pk }: Pick<Resource, 'model' | 'pk'>) => `/api/v1/oms/${model}s/${pk}/`;

/** The package of the published example; its text is served as it stands in the file. */
const example = readFileSync(new URL('../data/package-8812.json', import.meta.url), 'utf8');

/** A domain service of an order-management system in small: it serves the resources that its events are about. */
export async function startOmsService(options: OmsServiceOptions): Promise<OmsService> {
  const { port, host = '127.0.0.1', token, onLookUp } = options;
  const resources = new Map([[pathOf({ model: 'package', pk: 8812 }), example]]);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://oms').pathname;
    const [status, body] = answer(request, token, resources.get(path));
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
    server.listen(port, host, resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    serve: (resource) => void resources.set(pathOf(resource), JSON.stringify(resource.body)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(
  request: IncomingMessage,
  token: string,
  resource: string | undefined,
): [status: number, body: string] {
  if (request.headers.authorization !== `Token ${token}`) return [401, '{"detail":"Invalid token."}'];
  if (request.method !== 'GET') return [405, `{"detail":"Method \\"${request.method}\\" not allowed."}`];
  return resource === undefined ? [404, '{"detail":"Not found."}'] : [200, resource];
}
