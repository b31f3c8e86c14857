import type { ServerResponse } from 'node:http';

/** What a view answers; without `json` and `raw` the body is empty. `raw` is JSON text written by hand. */
export interface Reply {
  status: number;
  json?: unknown;
  raw?: string;
  headers?: Readonly<Record<string, string>>;
}

/** A view that writes its answer itself, for as long as it likes (server-sent events). */
export interface Takeover {
  write: (response: ServerResponse) => void;
}

/** Sends a reply; for HEAD, Node leaves the body out. */
export function sendReply(response: ServerResponse, reply: Reply): void {
  response.statusCode = reply.status;
  for (const name in reply.headers) response.setHeader(name, reply.headers[name] ?? '');
  const body = reply.raw ?? (reply.json === undefined ? undefined : JSON.stringify(reply.json));
  if (body !== undefined) response.setHeader('Content-Type', 'application/json');
  if (reply.status !== 204)
    response.setHeader('Content-Length', body === undefined ? 0 : Buffer.byteLength(body));
  response.end(body);
}
