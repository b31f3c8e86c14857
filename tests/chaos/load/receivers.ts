import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { between, type Random } from '../random.ts';

/** How a receiver behaves; `ordered` is one whose webhook asks for order and that fails now and then. */
export type Behaviour = 'steady' | 'slow' | 'flaky' | 'hanging' | 'dripping' | 'ordered';

/** One request as a receiver saw it. Instants are ms since the epoch. */
export interface Arrival {
  /** With dashes. */
  uuid: string;
  receiver: string;
  /** What the publisher had put into the payload. */
  event: PublishedPayload;
  startedAt: number;
  /** The answer was handed over, or the connection was lost before; undefined while neither has happened. */
  endedAt: number | undefined;
  /** It was answered 2xx, completely, before its connection was lost. */
  delivered: boolean;
  /** Another request of the same line was open at this receiver. */
  overlapped: boolean;
}

/** `line` and `number`: the place of the event in the sequence of its publisher, from 0. */
interface PublishedPayload {
  key: string;
  line: string;
  number: number;
}

export interface Receivers {
  /** Name → URL. */
  urls: ReadonlyMap<string, { url: string; behaviour: Behaviour }>;
  arrivals: Arrival[];
  close(): Promise<void>;
}

const SLOW_MS = 1_500;
const FLAKY_SHARE = 0.3;
const ORDERED_FAILING_SHARE = 0.1;

/** Starts receivers on loopback and notes every request. `names`: of each, and how it behaves. */
export async function startReceivers(
  names: ReadonlyMap<string, Behaviour>,
  random: Random,
): Promise<Receivers> {
  const arrivals: Arrival[] = [];
  const urls = new Map<string, { url: string; behaviour: Behaviour }>();
  const closers: (() => Promise<void>)[] = [];

  for (const [receiver, behaviour] of names) {
    const answer = answerOf(behaviour, random);
    const open = new Map<string, number>();
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { payload } = JSON.parse(Buffer.concat(chunks).toString()) as { payload: PublishedPayload };
        const arrival: Arrival = {
          uuid: String(request.headers['webhook-id']),
          receiver,
          event: payload,
          startedAt: Date.now(),
          endedAt: undefined,
          delivered: false,
          overlapped: (open.get(payload.line) ?? 0) > 0,
        };
        arrivals.push(arrival);
        open.set(payload.line, (open.get(payload.line) ?? 0) + 1);
        const ended = (complete: boolean) => {
          if (arrival.endedAt !== undefined) return;
          arrival.endedAt = Date.now();
          arrival.delivered = complete && response.statusCode < 300;
          open.set(payload.line, (open.get(payload.line) ?? 1) - 1);
        };
        response.once('finish', () => ended(true)).once('close', () => ended(false));
        void answer(request, response, payload);
      });
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    urls.set(receiver, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, behaviour });
    closers.push(async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    });
  }
  return { urls, arrivals, close: async () => void (await Promise.all(closers.map((close) => close()))) };
}

type Answer = (
  request: IncomingMessage,
  response: ServerResponse,
  event: PublishedPayload,
) => void | Promise<void>;

function answerOf(behaviour: Behaviour, random: Random): Answer {
  const seen = new Set<string>();
  const isFirst = ({ key }: PublishedPayload) => !seen.has(key) && seen.add(key) !== undefined;
  const respond = (response: ServerResponse, status: number) => void response.writeHead(status).end('done');
  switch (behaviour) {
    case 'steady':
      return (_, response) => respond(response, 200);
    case 'slow':
      return async (_, response) => {
        await wait(SLOW_MS);
        respond(response, 200);
      };
    case 'flaky':
      return (_, response) => respond(response, random() < FLAKY_SHARE ? 500 : 200);
    case 'ordered':
      return async (_, response) => {
        await wait(between(random, 2, 20));
        respond(response, random() < ORDERED_FAILING_SHARE ? 503 : 200);
      };
    case 'hanging':
      return (_, response, event) => {
        // The first request of each event is never answered.
        if (!isFirst(event)) respond(response, 200);
      };
    case 'dripping':
      return async (_, response, event) => {
        // Every fifth event's first answer drips longer than anybody waits.
        const drops = isFirst(event) && event.number % 5 === 0 ? 100 : 6;
        response.writeHead(200).flushHeaders();
        for (let drop = 0; drop < drops && !response.destroyed; drop += 1) {
          response.write('.');
          await wait(100);
        }
        response.end();
      };
  }
}
