import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { eventStream } from '../api/event-stream.ts';
import type { Live } from './live-state.tsx';

/** However much happens, a list is asked for again this often at most. */
const REFRESH_MS = 1000;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** An event that no longer is as it was filtered for is told of as well: the list has to lose it. */
function withoutWhatChanges(filters: URLSearchParams): URLSearchParams {
  const kept = new URLSearchParams(filters);
  for (const name of ['state', 'delivered', 'response_http_status', 'page', 'ordering']) kept.delete(name);
  return kept;
}

/**
 * Keeps a list as it is by now: each word of the event stream makes it be asked for again. So the list is never other than
 * the API would show it, whatever its filters and order.
 * @param filters those that the stream shares with the list
 */
export function useLiveEvents(options: { queryKey: QueryKey; filters: URLSearchParams; on: boolean }): Live {
  const { on } = options;
  const filters = withoutWhatChanges(options.filters).toString();
  const key = JSON.stringify(options.queryKey);
  const client = useQueryClient();
  const [state, setState] = useState<Live>('connecting');

  useEffect(() => {
    if (!on) return;
    const leaving = new AbortController();
    const { signal } = leaving;
    let refreshing: Promise<unknown> | undefined;
    /** At once, and what comes meanwhile together, later. */
    const refresh = () =>
      (refreshing ??= client
        .invalidateQueries({ queryKey: JSON.parse(key) as QueryKey })
        .then(() => pause(REFRESH_MS))
        .then(() => (refreshing = undefined)));
    let missed = false;
    const changed = () => {
      if (!refreshing) return void refresh();
      if (missed) return;
      missed = true;
      void refreshing.then(() => {
        missed = false;
        if (!signal.aborted) void refresh();
      });
    };

    async function follow() {
      let lastEventId: string | undefined;
      for (let pauseMs = FIRST_PAUSE_MS; !signal.aborted; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
        setState((before) => (before === 'lost' ? 'lost' : 'connecting'));
        try {
          const messages = eventStream({
            filters: new URLSearchParams(filters),
            lastEventId,
            signal,
            onConnected() {
              pauseMs = FIRST_PAUSE_MS;
              setState('live');
              changed();
            },
          });
          for await (const { id } of messages) {
            lastEventId = id ?? lastEventId;
            changed();
          }
        } catch {
          // Told by the state; the list itself tells what is wrong with the API.
        }
        if (signal.aborted) return;
        setState('lost');
        await pause(pauseMs);
      }
    }
    void follow();
    return () => leaving.abort();
  }, [on, filters, key, client]);

  return on ? state : 'off';
}
