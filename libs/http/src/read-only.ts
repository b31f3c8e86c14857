import type { RequestHandler, Router } from 'express';
import { methodNotAllowed } from './api-error.ts';
import { sendReply } from './reply.ts';

const ALLOW = 'GET, HEAD, OPTIONS';

/** A path outside of the URL tables, read without a token. Other methods are answered as there. */
export function readOnly(router: Router, path: string, answer: RequestHandler): void {
  router
    .route(path)
    .get(answer)
    .options((_request, response) => sendReply(response, { status: 200, headers: { Allow: ALLOW } }))
    .all(({ method }) => {
      throw methodNotAllowed(method, ALLOW);
    });
}
