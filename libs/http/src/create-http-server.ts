import { createServer, type RequestListener, type Server } from 'node:http';

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
    },
    app,
  );
}
