import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import helmet from 'helmet';

const PRINTABLE = /^[\x20-\x7e]{1,128}$/;

/** What every answer carries, whatever its path: security headers and `X-Request-Id`, the client's own or a new one. */
export function atTheDoor(): (request: Request, response: Response) => void {
  const headers = securityHeaders();
  return (request, response) => {
    response.setHeaders(headers);
    const given = request.headers['x-request-id'];
    response.setHeader(
      'X-Request-Id',
      typeof given === 'string' && PRINTABLE.test(given) ? given : randomUUID(),
    );
  };
}

/** helmet's headers are the same for every answer: it says them once, instead of by fourteen functions a request. */
function securityHeaders(): Map<string, string> {
  const headers = new Map<string, string>();
  const listening = {
    setHeader: (name: string, value: string) => headers.set(name, value),
    removeHeader() {},
  };
  // Inside a cluster or on one's own machine the console is served without TLS.
  const secure = helmet({ contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } } });
  secure({} as Request, listening as unknown as Response, (error?: unknown) => {
    if (error) throw error as Error;
  });
  return headers;
}
