import { readOnly } from '@oms-webhooks/http';
import type { Metrics } from '@oms-webhooks/telemetry';
import { Router } from 'express';

/** Asked every few seconds, by machines: no matter for spans, or for the log as it usually is. */
export const PROBE_PATHS: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);

interface ProbesOptions {
  metrics: Metrics;
  missing: () => Promise<string[]>;
  stopping: () => boolean;
}

/** `/healthz` (the process runs), `/readyz` (503 with what is missing, or when it stops), `/metrics`; without authentication. */
export function probes({ missing, stopping, metrics }: ProbesOptions): Router {
  const router = Router();
  readOnly(router, '/healthz', (_request, response) => void response.json({ status: 'ok' }));
  readOnly(router, '/readyz', async (_request, response) => {
    const waitingFor = stopping() ? [] : await missing();
    const status = stopping() ? 'stopping' : waitingFor.length > 0 ? 'not ready' : 'ready';
    response.status(status === 'ready' ? 200 : 503).json({ status, waiting_for: waitingFor });
  });
  readOnly(router, '/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  return router;
}
