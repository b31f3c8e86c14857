import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '../environment/target.ts';

export interface CollectedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  attributes: Record<string, unknown>;
  links: { traceId: string; spanId: string }[];
  failed: boolean;
}

export interface Collector {
  url: string;
  spans: CollectedSpan[];
  /** `Authorization` of each request, once. */
  authorizations: Set<string | undefined>;
  /** What has come of a trace, once a span with each of these names is there. */
  trace(traceId: string, names: string[]): Promise<CollectedSpan[]>;
  close(): Promise<void>;
}

/** Stands in for a collector of OpenTelemetry: OTLP over HTTP, in JSON. */
export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = [];
  const authorizations: Collector['authorizations'] = new Set();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      authorizations.add(request.headers.authorization);
      if (request.url === '/v1/traces') spans.push(...spansIn(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(request.url === '/v1/traces' ? 200 : 404).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    authorizations,
    trace: (traceId, names) =>
      eventually(
        () => {
          const found = spans.filter((span) => span.traceId === traceId);
          return names.every((name) => found.some((span) => span.name === name)) ? found : undefined;
        },
        { withinMs: 60_000, what: `${names.join(', ')} in the trace ${traceId}` },
      ),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Attribute {
  key: string;
  value: Record<string, unknown>;
}

interface Export {
  resourceSpans: {
    resource: { attributes: Attribute[] };
    scopeSpans: {
      spans: {
        traceId: string;
        spanId: string;
        parentSpanId?: string;
        name: string;
        attributes: Attribute[];
        links?: { traceId: string; spanId: string }[];
        status?: { code?: number };
      }[];
    }[];
  }[];
}

function spansIn(body: string): CollectedSpan[] {
  return (JSON.parse(body) as Export).resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap(({ spans }) =>
      spans.map(({ traceId, spanId, parentSpanId, name, attributes, links = [], status }) => ({
        service,
        traceId,
        spanId,
        parentSpanId: parentSpanId || undefined,
        name,
        attributes: valuesOf(attributes),
        links,
        // 2 is an error.
        failed: status?.code === 2,
      })),
    );
  });
}

const valuesOf = (attributes: Attribute[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
