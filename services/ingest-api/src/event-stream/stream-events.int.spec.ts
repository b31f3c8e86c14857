import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import request from 'supertest';
import { eventually } from '../../../../tests/environment/target.ts';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const ADMIN = 'the-key-of-the-settings';
const STREAM = '/api/v1/oms/oms_hook_events/stream/';

interface Message {
  id: string;
  event: { id: number; state: string; object_id: number; request_payload: { payload: unknown } };
}

describe('the stream of events', () => {
  let database: Database;
  let api: RunningIngestApi;
  const open: IncomingMessage[] = [];
  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  beforeEach(async () => {
    api = await runIngestApi(await freePort(), { DATABASE_URL: database.url, API_TOKEN: ADMIN });
    await database.pool.query(`
      DELETE FROM webhook_event; DELETE FROM webhook;
      INSERT INTO webhook (id, account_id, target_url, event_type, retry_countdown_config)
      SELECT 1, id, 'http://127.0.0.1:9/', 'package.created', '{}' FROM account WHERE name = 'admin'`);
  });
  afterEach(async () => {
    for (const stream of open.splice(0)) stream.destroy();
    await api.stop();
  });
  afterAll(async () => {
    await database.close();
  });

  const addEvent = async (objectId: number, payload = '{}') =>
    (
      await database.pool.query<{ id: number }>(
        `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload)
         VALUES (gen_random_uuid(), 1, 'package.created', 4, $1, $2) RETURNING id`,
        [objectId, payload],
      )
    ).rows[0]?.id;

  /** Follows the stream with a reader as the standard describes it. */
  async function follow({
    query = '',
    token = ADMIN,
    lastId,
  }: { query?: string; token?: string; lastId?: string } = {}) {
    const headers = {
      Authorization: `Token ${token}`,
      ...(lastId !== undefined && { 'Last-Event-ID': lastId }),
    };
    const [response] = (await once(get(`${api.url}${STREAM}${query}`, { headers }), 'response')) as [
      IncomingMessage,
    ];
    open.push(response);
    const messages: Message[] = [];
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (text += chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const fields = block.split('\n').map((line) => line.split(/: ?(.*)/s, 2) as [string, string]);
        const data = fields.filter(([name]) => name === 'data').map(([, value]) => value);
        const id = fields.find(([name]) => name === 'id')?.[1] ?? '';
        if (data.length > 0) messages.push({ id, event: JSON.parse(data.join('\n')) as Message['event'] });
      }
    });
    response.on('error', () => undefined);
    const closed = new Promise<void>((resolve) => response.once('close', () => resolve()));
    return { response, messages, closed };
  }

  it('tells of events as the list shows them, whenever they change, as its filters say', async () => {
    const { response, messages } = await follow({ query: '?webhook=1&object_id=7' });
    expect(response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    await addEvent(6);
    const id = await addEvent(7, '{"lines":\r\n"broken"}');
    await eventually(() => messages.length === 1);
    const { body } = await request(api.url)
      .get('/api/v1/oms/oms_hook_events/?object_id=7')
      .set('Authorization', `Token ${ADMIN}`);
    expect(messages[0]?.event).toEqual(body.results[0]);
    expect(messages[0]?.event.request_payload.payload).toEqual({ lines: 'broken' });
    await database.pool.query(`UPDATE webhook_event SET state = 'delivered', modified_date = now()`);
    await eventually(() => messages.length === 2);
    expect(messages[1]?.event).toMatchObject({ id, state: 'delivered' });
  });

  it('goes on where a client was cut off', async () => {
    const first = await follow();
    await addEvent(1);
    await eventually(() => first.messages.length === 1);
    first.response.destroy();
    await addEvent(2);
    const second = await follow({ lastId: first.messages[0]?.id ?? '' });
    await eventually(() => second.messages.some(({ event }) => event.object_id === 2));
    const third = await follow({ lastId: 'none of ours' });
    await addEvent(3);
    await eventually(() => third.messages.some(({ event }) => event.object_id === 3));
  });

  it('has ten readers of a token at most, and room again when one leaves', async () => {
    const streams = await Promise.all(Array.from({ length: 10 }, () => follow()));
    const refused = await follow();
    expect([refused.response.statusCode, refused.response.headers['retry-after']]).toEqual([429, '10']);
    streams[0]?.response.destroy();
    await eventually(async () => (await follow()).response.statusCode === 200);
  });

  it('ends when its token is revoked', async () => {
    const asAdmin = (test: request.Test) => test.set('Authorization', `Token ${ADMIN}`);
    const { body } = await asAdmin(request(api.url).post('/api/v1/oms/tokens/')).send({ account: 'shop' });
    const stream = await follow({ token: String(body.token) });
    expect(stream.response.statusCode).toBe(200);
    await asAdmin(request(api.url).delete(`/api/v1/oms/tokens/${body.id}/`));
    await stream.closed;
  });

  it('ends when the process stops, even with a reader that does not read', async () => {
    const reading = await follow();
    const stuck = await follow();
    stuck.response.pause();
    await addEvent(1, JSON.stringify({ text: 'x'.repeat(8_000_000) }));
    await eventually(() => reading.messages.length === 1);
    await api.stop();
    stuck.response.resume();
    await Promise.all([reading.closed, stuck.closed]);
    expect(api.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });

  it('refuses filters as a list does, and answers HEAD', async () => {
    const asAdmin = (test: request.Test) => test.set('Authorization', `Token ${ADMIN}`);
    expect((await asAdmin(request(api.url).get(`${STREAM}?uuid=x`))).body).toEqual({
      uuid: ['Enter a valid UUID.'],
    });
    expect((await asAdmin(request(api.url).head(STREAM))).status).toBe(200);
    expect((await request(api.url).get(STREAM)).status).toBe(401);
  });
});
