import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

interface Hook {
  target_url: string;
  event_type: string;
}

/** An Omnitron service that keeps its webhooks in memory, with pages of two; with the faults that a spec gives it. */
export interface FakeOmnitron {
  url: string;
  hooks: Hook[];
  /** Method, path and `Authorization` of every request. */
  requests: { method: string; path: string; authorization: string | undefined }[];
  /** Asked before each answer: may answer itself (and say so), or make it wait. */
  before: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;
  close(): Promise<void>;
}

const PAGE_SIZE = 2;

export async function startFakeOmnitron(): Promise<FakeOmnitron> {
  const server = createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const omnitron: FakeOmnitron = {
    url,
    hooks: [],
    requests: [],
    before: () => false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: path = '', headers } = request;
    omnitron.requests.push({ method, path, authorization: headers.authorization });
    const sent = method === 'POST' ? ((await json(request)) as Hook) : undefined;
    if (await omnitron.before(request, response)) return;
    if (sent) register(sent, response);
    else list(Number(new URL(path, url).searchParams.get('page') ?? 1), response);
  }

  function register(hook: Hook, response: ServerResponse): void {
    const isThere = omnitron.hooks.some(
      (other) => other.target_url === hook.target_url && other.event_type === hook.event_type,
    );
    if (isThere) {
      reply(response, 406, { code: 'webhook_100_2', en: 'Webhook already registered' });
      return;
    }
    omnitron.hooks.push(hook);
    reply(response, 201, hook);
  }

  function list(page: number, response: ServerResponse): void {
    const { hooks } = omnitron;
    const results = hooks.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE);
    // As behind a proxy that hides the address: only the query of the link is right.
    const next =
      page * PAGE_SIZE < hooks.length ? `https://elsewhere.test/whisperer/hooks/?page=${page + 1}` : null;
    reply(response, 200, { count: hooks.length, next, previous: null, results });
  }

  return omnitron;
}

/** Answers with JSON. */
export function reply(response: ServerResponse, status: number, body: unknown): true {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  return true;
}
