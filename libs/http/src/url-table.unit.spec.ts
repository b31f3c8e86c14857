import { connect, type AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import express from 'express';
import request from 'supertest';
import { answerErrors } from './answer-errors.ts';
import { refusedWithCode, unavailable, validationFailed } from './api-error.ts';
import { atTheDoor } from './at-the-door.ts';
import { authenticateByToken, hashOfKey } from './authenticate-by-token.ts';
import type { Caller } from './caller.ts';
import { createHttpServer } from './create-http-server.ts';
import type { Route } from './routes.ts';
import { unknownPath, urlTable } from './url-table.ts';

const caller: Caller = { accountId: 7, account: 'oms', superuser: false, roles: [], app: null, tokenId: 1 };
const logged: Record<string, unknown>[] = [];

const routes: Route[] = [
  {
    path: '/events/:id/',
    GET: ({ params, account, absoluteUrl }) => ({
      status: 200,
      json: { params, account: account.account, absoluteUrl },
    }),
    PATCH: () => ({ status: 204 }),
  },
  {
    path: '/events/publish/',
    async POST(request) {
      const document = await request.body({ instance: { data: 'raw' } });
      return { status: 202, json: { value: document.value, data: document.raw(['instance', 'data']) } };
    },
  },
  {
    path: '/faults/:kind/',
    GET({ params }) {
      if (params.kind === 'validation') throw validationFailed({ a: { b: ['No.'] } });
      if (params.kind === 'code') throw refusedWithCode('webhook_100_2', 'Webhook already registered');
      if (params.kind === 'busy') throw unavailable(3);
      if (params.kind === 'database') throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' });
      throw new Error('password is hunter2');
    },
  },
  { path: '/raw/', GET: () => ({ status: 200, raw: '{"a":1.10}' }) },
  { path: '/stream/', GET: () => ({ write: (response) => response.end('data: 1\n\n') }) },
  { path: '/plain', GET: () => ({ status: 200 }) },
];

const app = express();
app.disable('x-powered-by');
const secure = atTheDoor();
app.use((request, response, next) => {
  secure(request, response);
  next();
});
app.use(
  urlTable(routes, {
    authenticate: ({ authorization }) =>
      authenticateByToken(authorization, (hash) =>
        Promise.resolve(
          hash.equals(hashOfKey('key')) ? caller : hash.equals(hashOfKey('gone')) ? 'inactive' : undefined,
        ),
      ),
    bodyLimit: 1000,
  }),
);
app.use(unknownPath);
app.use(
  answerErrors({
    log: { error: (_, fields) => logged.push(fields ?? {}), warn: (_, fields) => logged.push(fields ?? {}) },
    isUnavailable: (error) => (error as { code?: string }).code === 'ECONNREFUSED',
  }),
);

const server = createHttpServer(app);
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterAll(() => new Promise((resolve) => server.close(resolve)));

const call = (method: 'get' | 'post' | 'patch' | 'delete' | 'head' | 'options', path: string) =>
  request(server)[method](path).set('Authorization', 'Token key');
const publish = (type: string, body: string) =>
  call('post', '/events/publish/').set('Content-Type', type).send(body);

describe('authentication', () => {
  it.each([
    [undefined, 'Authentication credentials were not provided.'],
    ['Basic a2V5', 'Authentication credentials were not provided.'],
    ['Token', 'Invalid token header. No credentials provided.'],
    ['Token a b', 'Invalid token header. Token string should not contain spaces.'],
    ['Token wrong', 'Invalid token.'],
    ['Token gone', 'User inactive or deleted.'],
  ])('answers %j with 401', async (header, detail) => {
    const answer = await request(server)
      .get('/events/1/')
      .set(header ? { Authorization: header } : {});
    expect([answer.status, answer.headers['www-authenticate'], answer.body]).toEqual([
      401,
      'Token',
      { detail },
    ]);
  });

  it('takes the keyword in any case', async () => {
    expect((await request(server).get('/raw/').set('Authorization', 'tOKEN  key')).status).toBe(200);
  });

  it('comes before method, look-up and validation', async () => {
    expect((await request(server).delete('/events/1/')).status).toBe(401);
    expect((await request(server).post('/events/publish/').type('text/xml').send('<x/>')).status).toBe(401);
  });
});

describe('urlTable', () => {
  it('gives views parameters, caller and absolute URL', async () => {
    const answer = await call('get', '/events/a%20b/?page=2').set('Host', 'oms.test:8080');
    expect(answer.body).toEqual({
      params: { id: 'a b' },
      account: 'oms',
      absoluteUrl: 'http://oms.test:8080/events/a%20b/?page=2',
    });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('refuses a Host that could not be in a link', async () => {
    const answer = await call('get', '/events/1/').set('Host', 'a"b');
    expect([answer.status, answer.body]).toEqual([400, { detail: 'Invalid Host header.' }]);
  });

  it('sends text written by hand as it is', async () => {
    expect((await call('get', '/raw/')).text).toBe('{"a":1.10}');
    expect((await call('get', '/stream/')).headers['content-type']).toBeUndefined();
  });

  it('prefers paths without parameters', async () => {
    const answer = await call('get', '/events/publish/');
    expect([answer.status, answer.headers.allow, answer.body]).toEqual([
      405,
      'POST, OPTIONS',
      { detail: 'Method "GET" not allowed.' },
    ]);
  });

  it('names the methods of a path for OPTIONS and with 405', async () => {
    const allowed = 'GET, PATCH, HEAD, OPTIONS';
    const options = await call('options', '/events/1/');
    const refused = await call('delete', '/events/1/');
    expect([options.status, options.headers.allow]).toEqual([200, allowed]);
    expect([refused.status, refused.headers.allow]).toEqual([405, allowed]);
  });

  it('answers HEAD like GET without the body', async () => {
    const answer = await call('head', '/raw/');
    expect([answer.status, answer.headers['content-length'], answer.text]).toEqual([200, '10', undefined]);
  });

  it('redirects reads to the slash and answers everything else as if it were there', async () => {
    const read = await request(server).get('/events/1?page=2&q=%3F');
    expect([read.status, read.headers.location]).toEqual([301, '/events/1/?page=2&q=%3F']);
    expect((await request(server).head('/raw')).headers.location).toBe('/raw/');
    expect((await call('patch', '/events/1')).status).toBe(204);
  });

  it.each(['/', '/nothing/', '/plain/', '/events/a/b/', '//evil.test/', '/events/%ff/'])(
    'has no %s',
    async (path) => {
      const answer = await request(server).get(path);
      expect([answer.status, answer.body]).toEqual([404, { detail: 'Not found.' }]);
    },
  );
});

describe('answerErrors', () => {
  it('answers what views throw', async () => {
    const validation = await call('get', '/faults/validation/');
    const code = await call('get', '/faults/code/');
    const busy = await call('get', '/faults/busy/');
    expect([validation.status, validation.body]).toEqual([400, { a: { b: ['No.'] } }]);
    expect([code.status, code.text]).toEqual([
      406,
      '{"code":"webhook_100_2","en":"Webhook already registered"}',
    ]);
    expect([busy.status, busy.headers['retry-after']]).toEqual([503, '3']);
  });

  it('answers 503 when the database is away', async () => {
    const answer = await call('get', '/faults/database/');
    expect([answer.status, answer.headers['retry-after']]).toEqual([503, '5']);
  });

  it('logs the unknown and tells only the id under which it is logged', async () => {
    const answer = await call('get', '/faults/unknown/').set('X-Request-Id', 'r-1');
    expect([answer.status, answer.body]).toEqual([
      500,
      { detail: 'Internal server error.', request_id: 'r-1' },
    ]);
    expect(logged.at(-1)).toMatchObject({ request_id: 'r-1', error: { message: 'password is hunter2' } });
  });
});

describe('atTheDoor', () => {
  it('sets the security headers and hides what runs here', async () => {
    const { headers } = await request(server).get('/nothing/');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  it('echoes a printable request id and replaces any other', async () => {
    const idOf = async (given: string) =>
      (await request(server).get('/').set('X-Request-Id', given)).headers['x-request-id'] as string;
    expect(await idOf('abc 1')).toBe('abc 1');
    expect(await idOf('x'.repeat(129))).toMatch(/^[0-9a-f-]{36}$/);
    expect(await idOf('\u00e9')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('bodies', () => {
  it('reads JSON, its dialects and nothing at all', async () => {
    const answer = await publish(
      'application/vnd.oms+json; charset=utf-8',
      '{"instance":{"data":{"n":1.10}}}',
    );
    expect(answer.body.data).toBe('{"n":1.10}');
    expect((await call('post', '/events/publish/')).body.value).toEqual({});
    expect((await publish('application/json', '{"a"}')).body).toEqual({
      detail: "JSON parse error - Expecting ':' delimiter: line 1 column 5 (char 4)",
    });
  });

  it('reads forms, whose dotted names are nested', async () => {
    const answer = await publish(
      'application/x-www-form-urlencoded',
      'hook=1&hook=2&instance.pk=a+b&instance.data.x=%C5%9F&&flag&__proto=',
    );
    expect(answer.body).toEqual({
      value: { hook: '2', instance: { pk: 'a b', data: { x: 'ş' } }, flag: '', __proto: '' },
      data: '{"x":"ş"}',
    });
  });

  it('reads multipart forms', async () => {
    const answer = await call('post', '/events/publish/')
      .field('instance.pk', '5')
      .attach('file', Buffer.from('x'), 'a.txt');
    expect(answer.body.value).toEqual({ instance: { pk: '5' } });
  });

  it.each([
    ['application/x-www-form-urlencoded', 'a=%ff'],
    ['application/x-www-form-urlencoded', 'a.__proto__.b=1'],
    ['application/x-www-form-urlencoded', 'a'.repeat(2) + '.a'.repeat(200) + '=1'],
    ['multipart/form-data; boundary=x', 'junk'],
    ['multipart/form-data', 'junk'],
  ])('refuses a broken %s', async (type, body) => {
    expect((await publish(type, body)).status).toBe(400);
  });

  it('refuses other types', async () => {
    const answer = await publish('text/xml', '<a/>');
    expect([answer.status, answer.body]).toEqual([
      415,
      { detail: 'Unsupported media type "text/xml" in request.' },
    ]);
  });

  it('inflates within the limit', async () => {
    const gzipped = await post(gzipSync('{"a":1}'), { 'Content-Encoding': 'gzip' });
    expect(((await gzipped.json()) as { value: unknown }).value).toEqual({ a: 1 });
    expect((await post(gzipSync(`"${'a'.repeat(2000)}"`), { 'Content-Encoding': 'gzip' })).status).toBe(413);
    expect((await post(Buffer.from('junk'), { 'Content-Encoding': 'gzip' })).status).toBe(400);
    expect((await post(Buffer.from('{}'), { 'Content-Encoding': 'zstd' })).status).toBe(415);
  });

  it('refuses what is too large, announced or not', async () => {
    const announced = await post(Buffer.alloc(5000, 32));
    expect([announced.status, await announced.json()]).toEqual([
      413,
      { detail: 'Request body exceeds 1000 bytes.' },
    ]);
    expect((await post(new Blob([Buffer.alloc(5000, 32)]).stream())).status).toBe(413);
  });

  it('forgets a client that leaves in the middle of its body', async () => {
    const { port } = server.address() as AddressInfo;
    const failures = logged.length;
    const socket = connect(port, '127.0.0.1');
    const head = 'POST /events/publish/ HTTP/1.1\r\nHost: oms.test\r\nAuthorization: Token key\r\n';
    socket.write(`${head}Content-Type: application/json\r\nContent-Length: 10\r\n\r\n{"a"`);
    await new Promise((resolve) => server.once('request', resolve));
    socket.destroy();
    expect((await call('get', '/raw/')).status).toBe(200);
    expect(logged.length).toBe(failures);
  });
});

/** What supertest does not do: bytes as they are, and streams of unannounced length. */
function post(body: Buffer | ReadableStream, headers: Record<string, string> = {}): Promise<Response> {
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}/events/publish/`, {
    method: 'POST',
    headers: { Authorization: 'Token key', 'Content-Type': 'application/json', ...headers },
    body,
    duplex: 'half',
  });
}
