import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream';
import { api, asTheyStand } from './api.ts';

export interface StreamOptions {
  filters: URLSearchParams;
  /** Goes on after this message, as if the connection had never been lost. */
  lastEventId: string | undefined;
  signal: AbortSignal;
  onConnected: () => void;
}

/** What the API tells as it happens. Read by `fetch`, since an `EventSource` cannot send the token. Ends with its connection. */
export async function* eventStream({
  filters,
  lastEventId,
  signal,
  onConnected,
}: StreamOptions): AsyncGenerator<EventSourceMessage> {
  const { data: body } = await api.GET('/api/v1/oms/oms_hook_events/stream/', {
    ...asTheyStand(filters),
    signal,
    headers: { Accept: 'text/event-stream', ...(lastEventId && { 'Last-Event-ID': lastEventId }) },
    parseAs: 'stream',
  });
  onConnected();
  if (!body) return;
  const messages = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { done, value } = await messages.read();
      if (done) return;
      yield value;
    }
  } finally {
    await messages.cancel().catch(() => undefined);
  }
}
