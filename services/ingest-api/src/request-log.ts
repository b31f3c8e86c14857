import { traceIdOf, type Log } from '@oms-webhooks/telemetry';
import type { Request, Response } from 'express';
import type { IngestMetrics } from './metrics.ts';
import { PROBE_PATHS } from './probes.ts';

/** One wide line a request, when it has been answered, and its place in the metrics. */
export function requestLog(
  log: Log,
  metrics: Pick<IngestMetrics, 'answered'>,
): (request: Request, response: Response) => void {
  return (request, response) => {
    const startedAt = performance.now();
    response.on('finish', () => {
      const { route, account } = response.locals as { route?: string; account?: string };
      const durationMs = performance.now() - startedAt;
      metrics.answered(request, route, response.statusCode, durationMs);
      log[PROBE_PATHS.has(request.path) ? 'debug' : 'info']('request', {
        method: request.method,
        path: request.path,
        route,
        account,
        status: response.statusCode,
        duration_ms: Math.round(durationMs),
        request_id: response.getHeader('X-Request-Id'),
        trace_id: traceIdOf(request.headers.traceparent),
        event: response.getHeader('X-Event-UUID'),
      });
    });
  };
}
