// The targets of a bench run, in a process of their own: `/well/…` answers 202 at once, `/after/200/…` after 200 ms,
// `/hang/…` never. Told `{ expect: n }` by its parent it says when so many requests have come since; told
// `{ arrivals: true }`, when each key did.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

let arrived = 0;
let expected = Infinity;
/** Key of an event → when it came first, ms since 1970 with fractions. */
const arrivals = new Map<string, number>();
const KEY = Buffer.from('"key":"');

const now = () => performance.timeOrigin + performance.now();
const tell = (message: object) => process.send?.(message);

function note(body: Buffer): void {
  const at = body.indexOf(KEY);
  if (at < 0) return;
  const start = at + KEY.length;
  const key = body.toString('latin1', start, body.indexOf(0x22, start));
  if (!arrivals.has(key)) arrivals.set(key, now());
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const [, kind, ms] = request.url?.split('/') ?? [];
    if (kind === 'hang') return;
    if (kind === 'after') setTimeout(() => response.writeHead(202).end(), Number(ms));
    else response.writeHead(202).end();
    note(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks));
    arrived += 1;
    if (arrived === expected) tell({ reached: expected });
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => tell({ port: (server.address() as AddressInfo).port }));

process.on('message', (message: { expect?: number; arrivals?: true }) => {
  if (message.expect !== undefined) {
    arrived = 0;
    expected = message.expect;
  } else if (message.arrivals) {
    tell({ arrivals: [...arrivals] });
    arrivals.clear();
  }
});
process.on('disconnect', () => process.exit(0));
