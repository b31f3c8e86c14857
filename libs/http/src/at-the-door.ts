import { randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

const PRINTABLE = /^[\x20-\x7e]{1,128}$/;

/** What every answer carries, whatever its path: security headers and `X-Request-Id`, the client's own or a new one. */
export function atTheDoor(): RequestHandler {
  // Inside a cluster or on one's own machine the console is served without TLS.
  const secure = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  return (request, response, next) => {
    const given = request.headers['x-request-id'];
    response.setHeader(
      'X-Request-Id',
      typeof given === 'string' && PRINTABLE.test(given) ? given : randomUUID(),
    );
    secure(request, response, next);
  };
}
