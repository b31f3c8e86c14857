import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** A reader that takes nothing for so long is gone, or will be back. */
const SLOWEST_MS = 30_000;

export const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  // nginx would collect the answer.
  'X-Accel-Buffering': 'no',
};

/** An answer as a stream of server-sent events, as fast as its reader takes them. */
export class ServerSentEvents {
  readonly #response: ServerResponse;
  readonly #closed = new AbortController();
  /** Aborts when there is nobody to write to any more. */
  readonly ended: AbortSignal;

  /** @param stopping aborts when the process stops: the stream then ends at once */
  constructor(response: ServerResponse, stopping: AbortSignal) {
    this.#response = response;
    this.ended = AbortSignal.any([stopping, this.#closed.signal]);
    response.once('close', () => this.#closed.abort());
    response.writeHead(200, STREAM_HEADERS);
    response.flushHeaders();
  }

  /** Resolves when the reader can take more; ends the stream when it does not. */
  async write(lines: string): Promise<void> {
    if (this.ended.aborted || this.#response.write(`${lines}\n\n`)) return;
    await once(this.#response, 'drain', {
      signal: AbortSignal.any([this.ended, AbortSignal.timeout(SLOWEST_MS)]),
    }).catch(() => this.#closed.abort());
  }

  /** Without waiting for a reader that is behind. */
  end(): void {
    if (this.#response.writableNeedDrain) this.#response.destroy();
    else this.#response.end();
  }
}

/** The lines of one message. JSON text may have line breaks between its tokens, and these mean the same. */
export const message = (id: number, json: string): string =>
  `id: ${id}\ndata: ${json.split(/\r\n|[\r\n]/).join('\ndata: ')}`;
