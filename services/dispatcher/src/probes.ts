import { createServer, type Server } from 'node:http';
import type { Metrics } from '@oms-webhooks/telemetry';

/** `/healthz` (the process runs), `/readyz` (503 with what is missing), `/metrics`. */
export function probeServer(options: { missing: () => Promise<string[]>; metrics: Metrics }): Server {
  const { missing, metrics } = options;
  return createServer((request, response) => {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
    };
    switch (request.url) {
      case '/healthz':
        return json(200, { status: 'ok' });
      case '/readyz':
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
