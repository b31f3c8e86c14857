import { createServer, IncomingMessage, ServerResponse, type RequestListener, type Server } from 'node:http';
import type { Express } from 'express';

/** Milliseconds. */
const LIMITS = {
  headersTimeout: 15_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
};

/** A server that no slow client can hold: headers within 15 s, the whole request within 30 s, else 408. Not listening yet. */
export function createHttpServer(app: RequestListener, limits: Partial<typeof LIMITS> = {}): Server {
  return createServer(
    {
      ...LIMITS,
      ...limits,
      // Longer than the 60 s that load balancers keep idle connections, so that they never meet a closing one.
      keepAliveTimeout: 65_000,
      ...(isExpress(app) && bornOf(app)),
    },
    app,
  );
}

const isExpress = (app: RequestListener): app is Express => 'request' in app && 'response' in app;

/**
 * Classes whose instances have the app's prototypes from the beginning. Express sets the prototype of each request and
 * response that comes; V8 then gives that object a hidden class of its own, and no access to its properties is ever
 * optimized, in Node no more than here: half the time of a short request (`docs/performance.md`). To set the
 * prototype that an object has is nothing.
 */
function bornOf(app: Express): {
  IncomingMessage: typeof IncomingMessage;
  ServerResponse: typeof ServerResponse;
} {
  class AppRequest extends IncomingMessage {}
  class AppResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {}
  app.request = Object.setPrototypeOf(AppRequest.prototype, app.request) as Express['request'];
  app.response = Object.setPrototypeOf(AppResponse.prototype, app.response) as Express['response'];
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse };
}
