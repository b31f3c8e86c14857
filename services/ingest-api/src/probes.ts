import type { Metrics } from '@oms-webhooks/telemetry';
import { Router } from 'express';

/** `/healthz` (the process runs), `/readyz` (503 with what is missing), `/metrics`; without authentication. */
export function probes({ missing, metrics }: { missing: () => Promise<string[]>; metrics: Metrics }): Router {
  const router = Router();
  router.get('/healthz', (_request, response) => void response.json({ status: 'ok' }));
  router.get('/readyz', async (_request, response) => {
    const waitingFor = await missing();
    const ready = waitingFor.length === 0;
    response
      .status(ready ? 200 : 503)
      .json({ status: ready ? 'ready' : 'not ready', waiting_for: waitingFor });
  });
  router.get('/metrics', async (_request, response) => {
    response.type(metrics.contentType).send(await metrics.text());
  });
  return router;
}
