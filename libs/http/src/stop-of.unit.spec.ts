import { once } from 'node:events';
import { Agent, get, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createHttpServer } from './create-http-server.ts';
import { stopOf } from './stop-of.ts';

describe('stopOf', () => {
  let server: Server;
  let stop: () => Promise<void>;
  const port = () => (server.address() as AddressInfo).port;
  /** Echoes the body when it is complete. */
  async function listening(limitMs: number): Promise<void> {
    server = createHttpServer((request, response) => {
      let body = '';
      request.on('data', (part: Buffer) => (body += part.toString()));
      request.on('end', () => response.end(body));
      request.on('error', () => undefined);
    });
    stop = stopOf(server, limitMs);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  }

  /** A request of which only the beginning was sent. */
  async function begun() {
    const socket = connect(port(), '127.0.0.1');
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close').then(() => answer);
    const taken = once(server, 'request');
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    await taken;
    return { socket, closed };
  }

  // Whose body was still arriving at SIGTERM got 500, because the database was closed before the server.
  it('waits for a request whose body is still arriving, and answers it', async () => {
    await listening(60_000);
    const port_ = port();
    const { socket, closed } = await begun();
    let over = false;
    const stopping = stop().then(() => (over = true));
    await expect(once(connect(port_, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    expect(over).toBe(false);
    socket.write('cd');
    expect(await closed).toMatch(/^HTTP\/1\.1 200 [^]*Connection: close[^]*abcd/);
    await stopping;
  });

  it('closes idle connections at once', async () => {
    await listening(60_000);
    const agent = new Agent({ keepAlive: true });
    const asked = get({ port: port(), agent });
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
    answer.resume();
    await once(answer, 'end');
    await stop();
    agent.destroy();
  });

  it('cuts off at its limit who does not come to an end', async () => {
    await listening(20);
    const { closed } = await begun();
    await stop();
    expect(await closed).toBe('');
  });

  it('may be asked for twice, and before the server listens', async () => {
    server = createHttpServer(() => undefined);
    stop = stopOf(server, 1000);
    expect(stop()).toBe(stop());
    await stop();
  });
});
