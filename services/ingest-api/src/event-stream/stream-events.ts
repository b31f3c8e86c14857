import { isDatabaseAway, settledInstant } from '@oms-webhooks/db';
import type { ApiRequest, View } from '@oms-webhooks/http';
import { pause } from '@oms-webhooks/lifecycle';
import type { Log } from '@oms-webhooks/telemetry';
import type { Pool } from 'pg';
import type { TokenStore } from '../accounts/token-store.ts';
import { applyEventFilters, visibleEvents } from '../webhook-events/event-filters.ts';
import { eventJson } from '../webhook-events/event-json.ts';
import type { ListDeps } from '../webhook-events/event-lists.ts';
import { ChangedEvents } from './changed-events.ts';
import type { OpenStreams } from './open-streams.ts';
import { message, ServerSentEvents, STREAM_HEADERS } from './server-sent-events.ts';

export interface StreamDeps extends ListDeps {
  pool: Pool;
  tokens: Pick<TokenStore, 'isValid'>;
  openStreams: OpenStreams;
  /** Aborts when the process stops. */
  stopping: AbortSignal;
  log: Log;
}

const LOOK_MS = 500;
/** Shows both sides that the other one is there; load balancers cut what is silent for a minute. */
const BEAT_MS = 5000;
/** A client that was cut off comes back after this. */
const RETRY_MS = 2000;

/**
 * `GET …/oms_hook_events/stream/`: events as server-sent events whenever they change, with the list's filters, each as the
 * list shows it. The id of a message is where to go on (`Last-Event-ID`): the last messages before may come again, none is
 * left out. Nobody tells of changes: while somebody listens, they are looked for.
 */
export function streamEvents(deps: StreamDeps): View {
  const { orm, pool, contentTypes, openStreams, stopping, log } = deps;

  return async (request) => {
    const { account, method, query: parameters } = request;
    const query = visibleEvents(orm, account);
    await applyEventFilters(query, parameters, account, contentTypes);
    if (method === 'HEAD') return { status: 200, headers: STREAM_HEADERS };
    const changes = new ChangedEvents(pool, query, lastPosition(request) ?? (await settledInstant(pool)));
    const close = openStreams.open(account.tokenId);
    return {
      write(response) {
        const stream = new ServerSentEvents(response, stopping);
        follow(changes, stream, account.tokenId, deps)
          .catch((error: unknown) =>
            log.error('a stream of events failed', { account: account.account, error }),
          )
          .finally(() => {
            close();
            stream.end();
          });
      },
    };
  };
}

async function follow(
  changes: ChangedEvents,
  stream: ServerSentEvents,
  tokenId: number,
  { responseContentFormat, tokens }: StreamDeps,
): Promise<void> {
  await stream.write(`retry: ${RETRY_MS}`);
  for (let beatAt = -Infinity; !stream.ended.aborted; await pause(LOOK_MS, stream.ended)) {
    try {
      for await (const { event, position } of changes.next()) {
        if (stream.ended.aborted) return;
        await stream.write(message(position, eventJson(event, responseContentFormat)));
      }
      if (performance.now() - beatAt < BEAT_MS) continue;
      if (!(await tokens.isValid(tokenId))) return;
      // An id without data moves what the client will say it has.
      await stream.write(`: still here\nid: ${changes.position}`);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      await stream.write(': PostgreSQL is away');
    }
    beatAt = performance.now();
  }
}

/** What is no position of ours is ignored: who follows begins now. */
function lastPosition({ headers }: ApiRequest): number | undefined {
  const given = headers['last-event-id'];
  return typeof given === 'string' && /^\d{15,16}$/.test(given) ? Number(given) : undefined;
}
