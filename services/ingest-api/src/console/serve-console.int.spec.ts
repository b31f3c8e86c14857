import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atTheDoor } from '@oms-webhooks/http';
import express from 'express';
import request from 'supertest';
import { serveConsole } from './serve-console.ts';

describe('the console', () => {
  let folder: string;
  let app: express.Express;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'console-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<meta nonce="__CSP_NONCE__"><link nonce="__CSP_NONCE__">');
    writeFileSync(join(folder, 'assets', 'index-abc.js'), 'run()');
    writeFileSync(join(folder, 'assets', 'replaced-abc.js'), 'run()');
    writeFileSync(join(folder, 'secret.txt'), 'not to be served');
    const secure = atTheDoor();
    app = express()
      .use((request, response, next) => {
        secure(request, response);
        next();
      })
      .use('/console', serveConsole(folder));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each(['/console/', '/console/events?state=retrying', '/console/events/12', '/console/secret.txt'])(
    'is one page, whatever the screen: %s',
    async (path) => {
      const answer = await request(app).get(path);
      const nonce = /<meta nonce="([^"]{22,})">/.exec(answer.text)?.[1] ?? 'none';
      expect([answer.status, answer.text]).toEqual([200, `<meta nonce="${nonce}"><link nonce="${nonce}">`]);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
      });
      const policy = String(answer.headers['content-security-policy']);
      expect(policy).toContain(`default-src 'self'; style-src 'self' 'nonce-${nonce}';`);
      expect(policy).not.toMatch(/unsafe|https?:|data:|\*/);
    },
  );

  it('has another nonce every time', async () => {
    const [first, second] = [await request(app).get('/console/'), await request(app).get('/console/')];
    expect(first.text).not.toBe(second.text);
  });

  it('keeps for good what has a hash in its name, and has no page for a script that is gone', async () => {
    const script = await request(app).get('/console/assets/index-abc.js');
    expect([script.status, script.text]).toEqual([200, 'run()']);
    expect(script.headers['cache-control']).toBe('public,max-age=31536000,immutable');
    for (const gone of ['index-old.js', '..%2fsecret.txt', ''])
      expect((await request(app).get(`/console/assets/${gone}`)).status).toBe(404);
  });

  it('goes on when a script is taken away while it runs', async () => {
    rmSync(join(folder, 'assets', 'replaced-abc.js'));
    expect((await request(app).get('/console/assets/replaced-abc.js')).status).toBe(404);
    expect((await request(app).get('/console/')).status).toBe(200);
  });

  it('is found without the slash at the end of its address', async () => {
    const { status, headers } = await request(app).get('/console');
    expect([status, headers.location]).toEqual([301, '/console/']);
  });

  it('says so when it has not been built', async () => {
    const without = express().use('/console', serveConsole(join(folder, 'nowhere')));
    const answer = await request(without).get('/console/');
    expect([answer.status, answer.text]).toEqual([404, expect.stringContaining('has not been built')]);
  });
});
