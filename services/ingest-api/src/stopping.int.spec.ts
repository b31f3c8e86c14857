import { once } from 'node:events';
import { connect } from 'node:net';
import { openDatabase } from '@oms-webhooks/db';
import { createTestDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { freePort } from '../../../tests/environment/free-port.ts';
import { runIngestApi } from './testing/run-ingest-api.ts';

const TOKEN = 'the-key-of-the-settings';

describe('the ingest API, asked to stop', () => {
  // It was answered 500, "Cannot use a pool after calling end": the database was closed before the server.
  it('takes the event of a request whose body is still arriving', async () => {
    const testDatabase = await createTestDatabase();
    const port = await freePort();
    const api = await runIngestApi(port, { DATABASE_URL: testDatabase.url, API_TOKEN: TOKEN });
    const created = await request(api.url)
      .post('/whisperer/hooks/')
      .set('Authorization', `Token ${TOKEN}`)
      .send({ target_url: 'http://127.0.0.1:9/', event_type: 'package.created' });
    const { id } = created.body as { id: number };

    const body = JSON.stringify({ hook: id, instance: { pk: 1, model: 'package', data: {} } });
    const head = `Host: 127.0.0.1\r\nAuthorization: Token ${TOKEN}\r\nContent-Type: application/json\r\n`;
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (data: Buffer) => (answer += data.toString()));
    const closed = once(socket, 'close');
    // That the head has been read is seen by the 100.
    socket.write(
      `POST /api/v1/oms/oms_hook_events/publish-event/ HTTP/1.1\r\n${head}Expect: 100-continue\r\nContent-Length: ${body.length}\r\n\r\n`,
    );
    await once(socket, 'data');

    const stopped = api.stop();
    await expect(once(connect(port, '127.0.0.1'), 'connect')).rejects.toThrow('ECONNREFUSED');
    socket.write(body);
    await closed;
    expect(answer).toMatch(/HTTP\/1\.1 202 /);
    await stopped;
    expect(api.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);

    const database = await openDatabase({ url: testDatabase.url, applicationName: 'spec', poolSize: 1 });
    const { rows } = await database.pool.query('SELECT object_id FROM webhook_event');
    expect(rows).toEqual([{ object_id: '1' }]);
    await database.close();
    await testDatabase.drop();
  });

  // A load balancer goes by /readyz, and a client's kept connection ended without a word: both lost requests.
  it('says so, and goes on taking requests until everybody knows', async () => {
    const testDatabase = await createTestDatabase();
    const api = await runIngestApi(await freePort(), {
      DATABASE_URL: testDatabase.url,
      API_TOKEN: TOKEN,
      STOP_DELAY_MS: '10s',
    });
    const client = request(api.url);
    await client.get('/readyz').expect(200, { status: 'ready', waiting_for: [] });

    const stopped = api.stop();
    await client.get('/readyz').expect(503, { status: 'stopping', waiting_for: [] });
    await client.get('/healthz').expect(200);
    const created = await client
      .post('/whisperer/hooks/')
      .set('Authorization', `Token ${TOKEN}`)
      .send({ target_url: 'http://127.0.0.1:9/', event_type: 'package.created' });
    expect([created.status, created.headers.connection]).toEqual([201, 'close']);
    await stopped;
    await testDatabase.drop();
  });
});
