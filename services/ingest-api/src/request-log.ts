import type { Log } from '@oms-webhooks/telemetry';
import type { RequestHandler } from 'express';

/** One wide line a request, when it has been answered. */
export function requestLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    response.on('finish', () => {
      const { route, account } = response.locals as { route?: string; account?: string };
      log.info('request', {
        method: request.method,
        path: request.path,
        route,
        account,
        status: response.statusCode,
        duration_ms: Math.round(performance.now() - startedAt),
        request_id: response.getHeader('X-Request-Id'),
      });
    });
    next();
  };
}
