import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/**
 * The end of a server, to be asked for before it listens: it takes no connection any more, closes idle ones at once and the others
 * after their answer, which is waited for, a body that is still arriving included. One shared promise, however often asked.
 * @param limitMs after which the connections that are left are cut
 */
export function stopOf(server: Server, limitMs: number): () => Promise<void> {
  const answering = new Set<ServerResponse<IncomingMessage>>();
  let stopped: Promise<void> | undefined;

  server.prependListener('request', (_, response) => {
    answering.add(response);
    response.once('close', () => answering.delete(response));
    if (stopped) endAfter(response);
  });

  async function stop(): Promise<void> {
    for (const response of answering) endAfter(response);
    const cut = setTimeout(() => server.closeAllConnections(), limitMs);
    // Closes idle connections, too. That it was not listening is no reason to fail.
    await new Promise<void>((resolve) => server.close(() => resolve()));
    clearTimeout(cut);
  }

  return () => (stopped ??= stop());
}

/** Node would keep the connection for the next request, until it has been idle for long. */
function endAfter(response: ServerResponse<IncomingMessage>): void {
  const { socket } = response.req;
  response.shouldKeepAlive = false;
  // Where the headers are written already, they have promised to keep it.
  response.once('close', () => socket.destroySoon());
}
