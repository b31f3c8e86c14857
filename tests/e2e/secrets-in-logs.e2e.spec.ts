import { Kafka, logLevel } from 'kafkajs';
import { whispererSignature } from '@oms-webhooks/domain';
import { startProxy, type Proxy } from '../environment/proxy.ts';
import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { newSecret, secretsIn } from './secret-forms.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';
import { EVENTS, HOOKS, PUBLISH, TOKENS, type ApiClient } from './api-client.ts';

const SECRETS = {
  key: newSecret('key-of-this-house'),
  oms: newSecret('oms'),
  proxy: newSecret('proxy'),
  signing: newSecret('signing'),
  rotated: newSecret('rotated'),
  basic: newSecret('basic'),
  bearer: newSecret('bearer'),
  logIn: newSecret('log-in'),
  fetched: newSecret('fetched'),
  header: newSecret('header'),
  refused: newSecret('refused'),
  guessed: newSecret('guessed'),
  shop: '',
  admin: ADMIN_TOKEN,
};
const PATIENTLY = { withinMs: 30_000 };

const found = (text: string) => secretsIn(text, SECRETS);

describe('Secrets', () => {
  let system: System;
  let shop: ApiClient;
  let target: Target;
  let oms: Target;
  let proxy: Proxy;
  /** Every error that the API answered, whole. */
  const refusals: string[] = [];

  beforeAll(async () => {
    [target, oms, proxy] = await Promise.all([startTarget(), startTarget(respond(503)), startProxy()]);
    target.answer((response, { path }) => {
      if (path === '/login') response.end(JSON.stringify({ key: SECRETS.fetched }));
      else if (path === '/bad-login') response.writeHead(401).end();
      else if (path === '/hang-up') response.destroy();
      else response.writeHead(path === '/fails' ? 500 : 200).end();
    });
    const brokers = process.env['KAFKA_BROKERS'];
    system = await startSystem({
      ...(brokers && { brokers }),
      environment: {
        LOG_LEVEL: 'debug',
        DELIVERY_TIMEOUT_MS: '6000',
        SECRETS_KEY: SECRETS.key,
        OMS_API_URL: oms.url,
        OMS_API_TOKEN: SECRETS.oms,
        DELIVERY_PROXY_URL: `http://oms:${SECRETS.proxy}@127.0.0.1:${proxy.port}`,
      },
    });
    SECRETS.shop = (await system.api.post(TOKENS, { account: 'shop' })).json.token as string;
    shop = system.clientWith(`Token ${SECRETS.shop}`);
    await deliverAndFail();
    await askWrongly();
  }, 120_000);
  afterAll(async () => {
    await system.close();
    await Promise.all([target.close(), oms.close(), proxy.close()]);
  });

  const once = { max_attempts: 1, recovery_attempts: 0 };
  const hook = (path: string, fields: { config?: object; [field: string]: unknown } = {}) =>
    shop.createHook(path.startsWith('http') ? path : target.url + path, {
      secret_key: SECRETS.signing,
      additional_headers: { Authorization: SECRETS.header, 'X-Api-Key': SECRETS.header },
      ...fields,
      config: { ...once, ...fields.config },
    });
  const logIn = (path: string) => ({
    auth: { auth_type: 'token', url: target.url + path, username: 'oms', password: SECRETS.logIn },
  });

  /** Webhooks with every kind of credential, at targets that succeed and fail in every way. */
  async function deliverAndFail(): Promise<void> {
    const hooks = await Promise.all([
      hook('/plain'),
      hook('/basic', { config: { auth: { auth_type: 'basic', username: 'oms', password: SECRETS.basic } } }),
      hook('/bearer', { config: { auth: { auth_type: 'bearer', token: SECRETS.bearer } } }),
      hook('/token', { config: logIn('/login') }),
      hook('/refused-token', { config: logIn('/bad-login') }),
      hook('/fails'),
      hook('/hang-up'),
      hook(`https://127.0.0.1:${new URL(target.url).port}/no-tls`),
    ]);
    for (const { id } of hooks) {
      const changed = await shop.call('PATCH', `${HOOKS}${id}/`, { json: { secret_key: SECRETS.rotated } });
      expect(changed.status).toBe(200);
      await shop.publish(id, { pk: 1, data: { id: 1 } });
      // Without data: the OMS API is asked, and fails.
      await shop.publish(id, { pk: 2 });
    }
    await shop.call('DELETE', `${HOOKS}${hooks[0].id}/`);
    await eventually(
      async () =>
        (await shop.get(`${EVENTS}?state=pending`)).json.count === 0 &&
        target.received.some(({ path }) => path === '/token'),
      { ...PATIENTLY, everyMs: 200, what: 'every event being attempted' },
    );
  }

  /** Requests that are refused, with secrets in whatever place they have. */
  async function askWrongly(): Promise<void> {
    const said = SECRETS.refused;
    const valid = { target_url: target.url, event_type: 'package.updated' };
    const bodies = [
      { ...valid, secret_key: said.repeat(5) },
      { ...valid, secret_key: `whsec_${said}` },
      { ...valid, secret_key: [said] },
      { ...valid, additional_headers: { Authorization: `${said}\r\nX-Evil: 1` } },
      { ...valid, additional_headers: said },
      { ...valid, target_url: `https://oms:${said}@partner.test/` },
      { ...valid, config: { auth: { auth_type: 'basic', username: 'oms', password: { is: said } } } },
      { ...valid, config: { auth: { auth_type: 'bearer', token: `${said}\n` } } },
      {
        ...valid,
        config: { auth: { auth_type: 'token', url: `http://a:${said}@b/`, username: 'u', password: said } },
      },
    ];
    const answers = [
      ...(await Promise.all(bodies.map((json) => shop.post(HOOKS, json)))),
      await shop.call('POST', HOOKS, { text: `{"secret_key": "${said}", oops`, type: 'application/json' }),
      await shop.call('POST', HOOKS, { text: said, type: 'text/plain' }),
      await shop.call('POST', HOOKS, { form: `config.auth.password=${said}` }),
      await shop.post(
        PUBLISH,
        { hook: said, instance: { pk: 1, model: 'package' } },
        { 'Idempotency-Key': 'a b' },
      ),
      await shop.get(`${HOOKS}999/?token=${said}`),
      await shop.post(TOKENS, { account: 'x' }),
      await system.clientWith(`Token ${SECRETS.guessed}`).get(HOOKS),
      await system.clientWith(`Bearer ${SECRETS.guessed}`).get(HOOKS),
    ];
    for (const { status, headers, text } of answers) {
      expect([status, status >= 400 && status < 500]).toEqual([status, true]);
      refusals.push(JSON.stringify(headers) + text);
    }
  }

  it('do their work: owners see them, targets get them', async () => {
    const { text } = await shop.get(`${HOOKS}?page_size=100`);
    for (const name of ['rotated', 'basic', 'bearer', 'logIn', 'header'] as const)
      expect(text).toContain(SECRETS[name]);
    expect(found(JSON.stringify(target.received))).toEqual(
      expect.arrayContaining(['basic', 'bearer', 'logIn', 'fetched', 'header']),
    );
    const [plain] = target.received.filter(({ path }) => path === '/bearer');
    expect(plain?.headers).toMatchObject({
      'x-whisperer-signature': whispererSignature(SECRETS.rotated, plain?.body ?? ''),
      'x-whisperer-signature-previous': whispererSignature(SECRETS.signing, plain?.body ?? ''),
    });
    expect(oms.received[0]?.headers.authorization).toContain(SECRETS.oms);
    expect(found(JSON.stringify(proxy.asked))).toEqual(expect.arrayContaining(['proxy']));
  });

  it('are in no line of any log', () => {
    const lines = [...system.ingestApi.lines, ...system.dispatcher.lines];
    expect(lines.filter(({ message }) => message === 'attempt').length).toBeGreaterThan(8);
    expect(found(JSON.stringify(lines))).toEqual([]);
    expect(found(lines.map(({ message }) => message).join('\n'))).toEqual([]);
  });

  it('are in no metrics', async () => {
    for (const { url } of [system.ingestApi, system.dispatcher]) {
      const metrics = await (await fetch(`${url}/metrics`)).text();
      expect(metrics).toContain('process_cpu');
      expect(found(metrics)).toEqual([]);
    }
  });

  it('are in no error that is answered', () => {
    expect(refusals.length).toBeGreaterThan(10);
    expect(found(refusals.join('\n'))).toEqual([]);
  });

  it('are in no event beside its webhook, no attempt, statistic, token or audit entry', async () => {
    const { json } = await system.api.get(`${EVENTS}?page_size=100`);
    const events = json.results as { id: number; webhook: object }[];
    expect(found(JSON.stringify(events.map(({ webhook }) => webhook)))).toContain('rotated');
    expect(found(JSON.stringify(events.map((event) => ({ ...event, webhook: null }))))).toEqual([]);
    const paths = [
      ...events.map(({ id }) => `${EVENTS}${id}/attempts/`),
      `${TOKENS}?page_size=100`,
      '/api/v1/oms/audit/?page_size=100',
      `${HOOKS}1/stats/`,
    ];
    for (const path of paths) {
      const { status, text } = await system.api.get(path);
      expect([path, status, found(text)]).toEqual([path, 200, []]);
    }
  });

  it('are in no column of the database', async () => {
    const { pool } = system.database;
    const { rows: tables } = await pool.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`,
    );
    let dump = '';
    for (const { name } of tables) {
      const { rows } = await pool.query<{ row: string }>(`SELECT t::text AS row FROM "${name}" AS t`);
      dump += rows.map(({ row }) => row).join('\n');
    }
    expect(dump).toContain('oms-secret:1:');
    expect(found(dump)).toEqual([]);
  });

  it('are in no message on the bus', async () => {
    const brokers = process.env['KAFKA_BROKERS'];
    if (!brokers) throw new Error('KAFKA_BROKERS is not set: run through jest, which starts a broker.');
    const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(system.topicPrefix));
    const offsets = await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)));
    const all = offsets.flat().reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    await admin.disconnect();
    expect(all).toBeGreaterThan(0);

    const records: string[] = [];
    const consumer = kafka.consumer({ groupId: `${system.topicPrefix}spec` });
    await consumer.connect();
    await consumer.subscribe({ topics, fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message }) => {
        records.push(JSON.stringify([message.key, message.value, message.headers].map(String)));
        records.push(String(message.value) + JSON.stringify(message.headers));
        return Promise.resolve();
      },
    });
    await eventually(() => records.length >= 2 * all, { ...PATIENTLY, what: 'every message being read' });
    await consumer.disconnect();
    expect(found(records.join('\n'))).toEqual([]);
  }, 60_000);
});
