import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import express from 'express';
import request from 'supertest';
import { answerErrors } from './answer-errors.ts';
import { createHttpServer } from './create-http-server.ts';
import { urlTable } from './url-table.ts';

const caller = { accountId: 1, account: 'oms', superuser: false, roles: [], app: null, tokenId: 1 };

describe('a client that takes its time', () => {
  let server: Server;
  let faults: unknown[];
  let bodies: number;
  beforeEach(async () => {
    faults = [];
    bodies = 0;
    const app = express()
      .use(
        urlTable(
          [
            {
              path: '/body/',
              async POST(asked) {
                await asked.body();
                bodies += 1;
                return { status: 204 };
              },
            },
          ],
          { authenticate: () => Promise.resolve(caller) },
        ),
      )
      .use(
        answerErrors({
          log: { error: (_, fields) => void faults.push(fields), warn() {} },
          isUnavailable: () => false,
        }),
      );
    const limits = { headersTimeout: 150, requestTimeout: 300, connectionsCheckingInterval: 25 };
    server = createHttpServer(app, limits);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  /** Says the beginning, then a byte every now and then for as long as it may. Answers what it was told. */
  function drip(beginning: string): Promise<string> {
    return new Promise((resolve) => {
      const socket: Socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
      let answer = '';
      socket.on('data', (data: Buffer) => (answer += data.toString()));
      socket.on('error', () => undefined);
      const dripping = setInterval(() => socket.write('a'), 20);
      socket.on('close', () => {
        clearInterval(dripping);
        resolve(answer);
      });
      socket.write(beginning);
    });
  }

  it.each([
    ['its headers', 'POST /body/ HTTP/1.1\r\nHost: x\r\nX-'],
    ['its body', 'POST /body/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{'],
    ['its chunks', 'POST /body/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5'],
  ])('over %s is refused and cut off, while others are served', async (_, beginning) => {
    const slow = Array.from({ length: 20 }, () => drip(beginning));
    expect((await request(server).post('/body/').send({})).status).toBe(204);
    for (const answer of await Promise.all(slow)) expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(faults).toEqual([]);
    expect(bodies).toBe(1);
  });
});
