import { traceparentIn, type Tracing } from '@oms-webhooks/telemetry';
import type { Request, Response } from 'express';
import { PROBE_PATHS } from './probes.ts';

/**
 * A span a request, within its caller's trace. Whoever reads the request's `traceparent` after this gets that of the
 * span: events that are published by the request belong to it.
 */
export function traceRequests(tracing: Tracing): (request: Request, response: Response) => void {
  return (request, response) => {
    const { method, path, headers } = request;
    if (PROBE_PATHS.has(path)) return;
    const span = tracing.start(method, {
      kind: 'server',
      parent: traceparentIn(headers.traceparent),
      attributes: { 'http.request.method': method, 'url.path': path },
    });
    headers.traceparent = span.traceparent;
    response.on('close', () => {
      const { route } = response.locals as { route?: string };
      const { statusCode } = response;
      span.end({
        name: `${method} ${route ?? '(no route)'}`,
        attributes: {
          'http.route': route,
          'http.response.status_code': statusCode,
          'oms.request.id': String(response.getHeader('X-Request-Id')),
        },
        error: statusCode >= 500 ? `answered ${statusCode}` : undefined,
      });
    });
  };
}
