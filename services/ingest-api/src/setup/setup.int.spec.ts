import { type Database } from '@oms-webhooks/db';
import { openSpecDatabase } from '@oms-webhooks/db/testing';
import { reply, startFakeOmnitron, type FakeOmnitron } from '../../../../tests/environment/fake-omnitron.ts';
import { freePort } from '../../../../tests/environment/free-port.ts';
import { eventually } from '../../../../tests/environment/target.ts';
import { runIngestApi, type RunningIngestApi } from '../testing/run-ingest-api.ts';

const API_TOKEN = 'the-key-of-the-settings';
const OMNITRON_TOKEN = 'the-key-at-the-omnitron-service';
const SETUP = '/api/v1/oms/setup/webhooks/';
const wanted = [1, 2, 3, 4, 5].map((number) => ({
  target_url: `http://127.0.0.1:9/hook/${number}`,
  event_type: 'package.created',
  secret_key: `secret ${number}`,
}));

describe('Setup', () => {
  let database: Database;
  let omnitron: FakeOmnitron;
  let apis: RunningIngestApi[];

  beforeAll(async () => {
    database = await openSpecDatabase();
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(async () => {
    omnitron = await startFakeOmnitron();
    apis = [];
  });
  afterEach(async () => {
    await Promise.all(apis.map((api) => api.stop()));
    await omnitron.close();
    await database.pool.query('DELETE FROM setup_task; DELETE FROM webhook');
  });

  async function start(environment: Record<string, string> = {}): Promise<RunningIngestApi> {
    const api = await runIngestApi(await freePort(), {
      DATABASE_URL: database.url,
      API_TOKEN,
      OMNITRON_WEBHOOKS: JSON.stringify(wanted),
      ...environment,
    });
    apis.push(api);
    return api;
  }
  const startBeside = () => start({ OMNITRON_URL: omnitron.url, OMNITRON_TOKEN });
  const call = (api: RunningIngestApi, method: string, path: string, token = API_TOKEN) =>
    fetch(api.url + path, { method, headers: { Authorization: `Token ${token}` } });
  const execute = async (api: RunningIngestApi) => (await call(api, 'POST', `${SETUP}execute/`)).status;
  const ask = async (api: RunningIngestApi, what: string) => (await call(api, 'GET', SETUP + what)).json();
  const state = (api: RunningIngestApi) => ask(api, 'get_async_status/');
  const ends = async (api: RunningIngestApi, withinMs = 20_000) =>
    eventually(
      async () => {
        const { result } = (await state(api)) as { result: string };
        return result === 'WORKING' ? undefined : result;
      },
      { withinMs, what: 'the end of setup' },
    );
  const hooksOf = async (api: RunningIngestApi) =>
    ((await (await call(api, 'GET', '/whisperer/hooks/')).json()) as { results: object[] }).results;
  const reasonOf = (api: RunningIngestApi) =>
    String(api.lines.find(({ message }) => message === 'setup has failed')?.reason);

  it('registers what is missing at the Omnitron service, all its pages read, and is then not required', async () => {
    omnitron.hooks.push(wanted[4]!, { ...wanted[0]!, event_type: 'shipment.created' }, wanted[0]!);
    const api = await startBeside();
    expect(await state(api)).toEqual({ result: 'READY' });
    expect(await ask(api, 'is_required/')).toEqual({ result: 'true' });

    const answer = await call(api, 'POST', `${SETUP}execute/`);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
    expect(await ends(api)).toBe('FINISHED');
    expect(omnitron.hooks.slice(3)).toEqual(wanted.slice(1, 4));
    expect(await ask(api, 'is_required/')).toEqual({ result: 'false' });
    expect(await state(api)).toEqual({ result: 'FINISHED' });
    expect(new Set(omnitron.requests.map(({ authorization }) => authorization))).toEqual(
      new Set([`Token ${OMNITRON_TOKEN}`]),
    );
  });

  it('changes nothing when it is run again', async () => {
    const api = await startBeside();
    await execute(api);
    await ends(api);
    const posts = () => omnitron.requests.filter(({ method }) => method === 'POST').length;
    expect(posts()).toBe(5);
    expect(await execute(api)).toBe(204);
    expect(await ends(api)).toBe('FINISHED');
    expect(posts()).toBe(5);
  });

  it('runs once when it is asked for twice, at two replicas', async () => {
    let release = () => {};
    const released = new Promise<boolean>((resolve) => (release = () => resolve(false)));
    omnitron.before = () => released;
    const [one, other] = await Promise.all([startBeside(), startBeside()]);
    const answers = await Promise.all([one, other, one, other].map(execute));
    expect(answers).toEqual([204, 204, 204, 204]);
    expect([await state(one), await state(other)]).toEqual([{ result: 'WORKING' }, { result: 'WORKING' }]);
    release();
    expect(await ends(one)).toBe('FINISHED');
    expect(await state(other)).toEqual({ result: 'FINISHED' });
    const { rows } = await database.pool.query('SELECT state, registered, started_by FROM setup_task');
    expect(rows).toEqual([{ state: 'FINISHED', registered: 5, started_by: 'admin' }]);
    expect(omnitron.requests.filter(({ method }) => method === 'POST')).toHaveLength(5);
  });

  it('goes on when the Omnitron service stumbles', async () => {
    let stumbles = 0;
    omnitron.before = (_, response) => (stumbles++ % 2 === 0 ? reply(response, 503, {}) : false);
    const api = await startBeside();
    await execute(api);
    expect(await ends(api)).toBe('FINISHED');
    expect(omnitron.hooks).toHaveLength(5);
  });

  it('takes a webhook that somebody else has registered meanwhile as registered', async () => {
    omnitron.before = ({ method }, response) => {
      if (method === 'GET') return reply(response, 200, { results: [], next: null });
      return reply(response, 406, { code: 'webhook_100_2', en: 'Webhook already registered' });
    };
    const api = await startBeside();
    await execute(api);
    expect(await ends(api)).toBe('FINISHED');
  });

  it('registers the others when one is refused, fails, and says why', async () => {
    omnitron.before = (request, response) => {
      const posts = omnitron.requests.filter(({ method }) => method === 'POST').length;
      return request.method === 'POST' && posts === 2 && reply(response, 400, { target_url: ['Not there.'] });
    };
    const api = await startBeside();
    await execute(api);
    expect(await ends(api)).toBe('FAILED');
    expect(omnitron.hooks).toHaveLength(4);
    expect(reasonOf(api)).toBe(
      `package.created to ${wanted[1]!.target_url}: POST /whisperer/hooks/ at the Omnitron service: answered 400: {"target_url":["Not there."]}`,
    );
    const { rows } = await database.pool.query('SELECT registered, error FROM setup_task');
    expect(rows).toEqual([{ registered: 4, error: reasonOf(api) }]);
    expect(await ask(api, 'is_required/')).toEqual({ result: 'true' });
  });

  it('fails when its token is refused, and then says so of is_required too', async () => {
    omnitron.before = (_, response) => reply(response, 401, { detail: 'Invalid token.' });
    const api = await startBeside();
    await execute(api);
    expect(await ends(api)).toBe('FAILED');
    const reason = 'GET /whisperer/hooks/ at the Omnitron service: answered 401: {"detail":"Invalid token."}';
    expect(reasonOf(api)).toBe(reason);
    const answer = await call(api, 'GET', `${SETUP}is_required/`);
    expect([answer.status, await answer.json()]).toEqual([502, { detail: reason }]);
    expect(JSON.stringify(api.lines)).not.toContain(OMNITRON_TOKEN);
  });

  it.each([
    ['no list', { detail: 'Hello.' }],
    ['a list of something else', { results: [{ id: 1 }], next: null }],
    ['a last page that never comes', { results: [], next: '?page=2' }],
  ])('fails when the Omnitron service answers with %s', async (_, answer) => {
    omnitron.before = (_, response) => reply(response, 200, answer);
    const api = await startBeside();
    await execute(api);
    expect(await ends(api)).toBe('FAILED');
  });

  it('reads ABORTED at every replica once its process has fallen silent, and may then be run anew', async () => {
    await database.pool.query(
      `INSERT INTO setup_task (state, started_by, beat_date) VALUES ('WORKING', 'spec', now() - interval '16 seconds')`,
    );
    const [one, other] = await Promise.all([startBeside(), startBeside()]);
    expect([await state(one), await state(other)]).toEqual([{ result: 'ABORTED' }, { result: 'ABORTED' }]);
    expect(await execute(other)).toBe(204);
    expect(await ends(one)).toBe('FINISHED');
    const { rows } = await database.pool.query('SELECT state FROM setup_task ORDER BY id');
    expect(rows).toEqual([{ state: 'ABORTED' }, { state: 'FINISHED' }]);
  });

  it('ends as ABORTED when its process is told to stop', async () => {
    omnitron.before = () => new Promise(() => {});
    const [one, other] = await Promise.all([startBeside(), startBeside()]);
    await execute(one);
    expect(await state(other)).toEqual({ result: 'WORKING' });
    await eventually(() => omnitron.requests.length === 1, { what: 'the first request' });
    await one.stop();
    expect(await state(other)).toEqual({ result: 'ABORTED' });
    apis = [other];
  });

  it("registers in the account of who asks, at this system's own API, without OMNITRON_URL", async () => {
    const api = await start();
    const created = await fetch(`${api.url}/api/v1/oms/tokens/`, {
      method: 'POST',
      headers: { Authorization: `Token ${API_TOKEN}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ account: 'shop' }),
    });
    const { token } = (await created.json()) as { token: string };
    expect((await call(api, 'POST', `${SETUP}execute/`, token)).status).toBe(204);
    expect(await ends(api)).toBe('FINISHED');
    const { rows } = await database.pool.query(
      'SELECT name, count(*)::int FROM webhook JOIN account ON account.id = account_id GROUP BY name',
    );
    expect(rows).toEqual([{ name: 'shop', count: 5 }]);
    expect(await ask(api, 'is_required/')).toEqual({ result: 'false' });
  });

  it('registers in the account of OMNITRON_TOKEN where that is set', async () => {
    const api = await start({ OMNITRON_TOKEN: API_TOKEN });
    await execute(api);
    expect(await ends(api)).toBe('FINISHED');
    expect(await hooksOf(api)).toHaveLength(5);
  });

  it('fails by the rules of the own API, and registers nothing that they refuse', async () => {
    const [allowed] = wanted;
    const forbidden = { ...allowed!, target_url: 'http://10.0.0.1/' };
    const api = await start({ OMNITRON_WEBHOOKS: JSON.stringify([forbidden, allowed]) });
    await execute(api);
    expect(await ends(api)).toBe('FAILED');
    expect(reasonOf(api)).toContain('The target address 10.0.0.1 is not allowed');
    expect(await hooksOf(api)).toHaveLength(1);
  });

  it('has nothing to do without webhooks in the settings, and asks nobody', async () => {
    const api = await start({ OMNITRON_URL: omnitron.url, OMNITRON_WEBHOOKS: '[]' });
    expect(await ask(api, 'is_required/')).toEqual({ result: 'false' });
    await execute(api);
    expect(await ends(api)).toBe('FINISHED');
    expect(omnitron.requests).toEqual([]);
  });

  it('is for those who have a token; the published examples ask by POST', async () => {
    const api = await startBeside();
    for (const path of ['execute/', 'get_async_status/', 'is_required/'])
      expect((await call(api, 'POST', SETUP + path, 'wrong')).status).toBe(401);
    expect((await call(api, 'GET', `${SETUP}execute/`)).status).toBe(405);
    expect(await (await call(api, 'POST', `${SETUP}get_async_status/`)).json()).toEqual({ result: 'READY' });
  });
});
