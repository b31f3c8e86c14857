import { setTimeout as pause } from 'node:timers/promises';
import { Command } from 'commander';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import type { Api, Query } from '../api.ts';
import { contextOf } from '../context.ts';
import { addEventFilters, eventFiltersOf, positive, type EventOptions } from '../event-options.ts';
import { EXIT, Failure } from '../failure.ts';
import { eventLine, type ListedEvent } from '../shown-event.ts';

const STREAM = '/api/v1/oms/oms_hook_events/stream/';
const COMES_BACK_MS = 2000;

/** `events tail`: what changes, as it changes, until Ctrl-C. Goes on where it was when the connection is lost. */
export function tailCommand(): Command {
  return addEventFilters(new Command('tail'))
    .description('events as they change, until Ctrl-C')
    .option('--count <number>', 'ends after so many', positive)
    .action(async (options: EventOptions & { count?: number }, command: Command) => {
      const { api, out } = contextOf(command);
      const ending = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ending.abort());
      let left = options.count ?? Infinity;
      for await (const data of changes(api, eventFiltersOf(options), ending.signal, (words) =>
        out.tell(words),
      )) {
        const event = JSON.parse(data) as ListedEvent;
        out.print(out.json ? data.replaceAll('\n', ' ') : eventLine(event));
        if ((left -= 1) === 0) return ending.abort();
      }
    });
}

async function* changes(
  api: Api,
  filters: Query,
  signal: AbortSignal,
  tell: (words: string) => void,
): AsyncGenerator<string> {
  let lastId: string | undefined;
  for (let connected = false; !signal.aborted;) {
    try {
      const response = await api.stream(STREAM, filters, lastId, signal);
      if (!connected || lastId !== undefined)
        tell(connected ? 'connected again' : `following ${api.url}, Ctrl-C ends it`);
      connected = true;
      const messages = response.body
        ?.pipeThrough(new TextDecoderStream())
        .pipeThrough(new EventSourceParserStream());
      for await (const { id, data } of messages ?? []) {
        lastId = id ?? lastId;
        yield data;
      }
    } catch (error) {
      if (signal.aborted) return;
      // A start that fails is told; later it is a connection that was lost.
      if (!connected || (error instanceof Failure && error.exitCode !== EXIT.unavailable)) throw error;
    }
    if (signal.aborted) return;
    tell('the connection is lost, trying again');
    await pause(COMES_BACK_MS, undefined, { signal }).catch(() => undefined);
  }
}
