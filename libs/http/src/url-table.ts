import type { IncomingHttpHeaders } from 'node:http';
import type { RequestHandler } from 'express';
import { methodNotAllowed, notFound } from './api-error.ts';
import { ApiRequest } from './api-request.ts';
import type { Caller } from './caller.ts';
import { sendReply } from './reply.ts';
import { compileRoutes, type Route } from './routes.ts';

export interface UrlTableOptions {
  /** Names the caller or throws; a rate limit belongs here, too. `address` is the client's, empty when it has gone. */
  authenticate: (headers: IncomingHttpHeaders, address: string) => Promise<Caller>;
  /** Bytes; 1 MiB unless told. */
  bodyLimit?: number;
}

const ONE_MEBIBYTE = 1024 * 1024;

/**
 * One Express handler for a whole family of URLs, because a stack of middleware is walked by every request. Authentication
 * comes before method, look-up and validation, as in Django REST framework. A path that is not in the table goes to the
 * next handler, errors to the error handler (`answerErrors`). Leaves `response.locals.route` and `.account` to logs.
 */
export function urlTable(
  routes: readonly Route[],
  { authenticate, bodyLimit = ONE_MEBIBYTE }: UrlTableOptions,
): RequestHandler {
  const find = compileRoutes(routes);

  return async (request, response, next) => {
    const { path, method } = request;
    let match = find(path);
    if (!match && !path.endsWith('/')) {
      match = find(`${path}/`);
      if (match && (method === 'GET' || method === 'HEAD'))
        return sendReply(response, { status: 301, headers: { Location: withSlash(request.originalUrl) } });
    }
    if (!match) return next();

    const { row, params } = match;
    response.locals.route = row.path;
    const account = await authenticate(request.headers, request.ip ?? '');
    response.locals.account = account.account;
    if (method === 'OPTIONS') return sendReply(response, { status: 200, headers: { Allow: row.allow } });
    const view = row.views.get(method);
    if (!view) throw methodNotAllowed(method, row.allow);
    const reply = await view(new ApiRequest(request, params, account, bodyLimit));
    if ('write' in reply) reply.write(response);
    else sendReply(response, reply);
  };
}

/** For paths that are in no table. */
export const unknownPath: RequestHandler = () => {
  throw notFound();
};

const withSlash = (url: string) => url.replace(/(?=\?)|$/, '/');
