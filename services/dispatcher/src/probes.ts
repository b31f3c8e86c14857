import { createServer, type Server } from 'node:http';
import type { Metrics } from '@oms-webhooks/telemetry';

interface ProbesOptions {
  metrics: Metrics;
  missing: () => Promise<string[]>;
  stopping: () => boolean;
}

/** `/healthz` (the process runs), `/readyz` (503 with what is missing, or when it stops), `/metrics`. */
export function probeServer({ missing, stopping, metrics }: ProbesOptions): Server {
  return createServer((request, response) => {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (request.url) {
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz':
        if (stopping()) return json(503, { status: 'stopping', waiting_for: [] });
        return void missing().then((waitingFor) => {
          const ready = waitingFor.length === 0;
          json(ready ? 200 : 503, { status: ready ? 'ready' : 'not ready', waiting_for: waitingFor });
        });
      case '/metrics':
        return void metrics.text().then(
          (text) => response.writeHead(200, { 'Content-Type': metrics.contentType }).end(text),
          () => json(500, { detail: 'The metrics could not be collected.' }),
        );
      default:
        return json(404, { detail: 'Not found.' });
    }
  });
}
