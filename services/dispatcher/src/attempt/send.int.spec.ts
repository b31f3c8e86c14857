import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { targetAddressPolicy } from '@oms-webhooks/domain';
import { send } from './send.ts';
import { targetAgent } from './target-agent.ts';
import { TargetLookUp } from './target-look-up.ts';

describe('A hostile answer', () => {
  const lookUp = new TargetLookUp(targetAddressPolicy(['127.0.0.0/8']));
  const agent = targetAgent({ lookUp, connectTimeoutMs: 20_000 });
  let server: Server;
  let sockets: Socket[];
  let answer: (socket: Socket) => void;
  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      socket.once('data', () => answer(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  afterAll(() => agent.destroy());

  const sent = (timeoutMs = 20_000) =>
    send(
      {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        headers: {},
        body: Buffer.from('{}'),
      },
      { agent, timeoutMs, now: () => performance.now() * 1000 },
    );

  /** Writes for as long as anybody reads. */
  function flood(socket: Socket, text: string): void {
    while (!socket.destroyed && socket.write(text));
    if (!socket.destroyed) socket.once('drain', () => flood(socket, text));
  }

  it('that is a compressed bomb is kept as it came', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    answer = (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`);
      socket.write(bomb);
    };
    expect(await sent()).toMatchObject({ kind: 'answered', content: bomb });
    expect(bomb.length).toBeLessThan(64 * 1024);
  });

  it('without an end is cut at 64 KiB, and the connection with it', async () => {
    answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      flood(socket, 'x'.repeat(10_000));
    };
    const outcome = await sent();
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 });
    expect(outcome.kind === 'answered' && outcome.content.length).toBe(64 * 1024);
    await new Promise<void>((resolve) =>
      sockets[0]?.destroyed ? resolve() : sockets[0]?.once('close', resolve),
    );
  });

  it('with headers without an end fails, as a bad response', async () => {
    answer = (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      flood(socket, 'X-Long: header\r\n'.repeat(1000));
    };
    expect(await sent()).toMatchObject({ kind: 'failed', failure: 'response' });
  });

  it('that is not HTTP fails alike', async () => {
    answer = (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n');
    expect(await sent()).toMatchObject({ kind: 'failed', failure: 'response' });
  });

  it('that says it goes on, again and again, ends with the attempt', async () => {
    answer = (socket) => {
      const saying = setInterval(() => socket.write('HTTP/1.1 103 Early Hints\r\n\r\n'), 20);
      socket.on('close', () => clearInterval(saying));
    };
    expect(await sent(400)).toMatchObject({ kind: 'failed', failure: 'timeout' });
  });
});
