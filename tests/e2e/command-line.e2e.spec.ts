import { freePort } from '../environment/free-port.ts';
import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { startCommand } from './command-line.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('The command line', () => {
  let system: System;
  let target: Target;
  let environment: Record<string, string>;
  beforeAll(async () => {
    [system, target] = await Promise.all([
      startSystem({ environment: { DELIVERY_MAX_ATTEMPTS: '1', DELIVERY_RECOVERY_ATTEMPTS: '0' } }),
      startTarget(),
    ]);
    environment = { OMS_WEBHOOKS_URL: system.ingestApi.url, OMS_WEBHOOKS_TOKEN: ADMIN_TOKEN };
  }, 120_000);
  afterAll(async () => {
    await system.close();
    await target.close();
  }, 60_000);

  const run = (...args: string[]) => startCommand(args, environment).ended;
  async function answerOf<Answer>(...args: string[]): Promise<Answer> {
    const { code, stdout, stderr } = await run('--json', ...args);
    if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${stderr}`);
    return JSON.parse(stdout) as Answer;
  }
  const createWebhook = (path: string, ...args: string[]) =>
    answerOf<{ id: number }>(
      'webhooks',
      'create',
      `${target.url}/${path}`,
      '--event-type',
      'package.created',
      ...args,
    );
  const publish = async (webhook: number, pk: number, data = '{}') =>
    (await run('publish', '--webhook', String(webhook), '--pk', String(pk), '--data', data)).stdout.trim();

  it('creates a webhook, publishes to it and shows what happened', async () => {
    const { id } = await createWebhook('story');
    const uuid = await publish(id, 8812, '{"weight": 12345678901234567890}');
    expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
    await eventually(async () => (await run('events', 'show', uuid)).stdout.includes('delivered'), {
      withinMs: 60_000,
    });
    expect(target.received.find(({ headers }) => headers['webhook-id'] === uuid)?.body).toContain(
      '12345678901234567890',
    );

    const listed = await run('events', 'list', '--webhook', String(id));
    expect(listed.stdout).toMatch(/^ID +CREATED +TYPE +OBJECT/);
    expect(listed.stdout).toMatch(/package\.created +8812 +\d+ +delivered +200 +1/);
    const page = await answerOf<{ count: number; results: { uuid: string }[] }>(
      'events',
      'list',
      '--object',
      '8812',
      '--since',
      '1h',
    );
    expect(page.results.map((event) => event.uuid)).toContain(uuid);
    expect((await run('webhooks', 'list')).stdout).toContain(`${target.url}/story`);
    expect((await run('webhooks', 'show', String(id))).stdout).toMatch(/Active +yes/);
    const tested = await answerOf<{ response_http_status: number }>('webhooks', 'test', String(id));
    expect(tested.response_http_status).toBe(200);
  }, 120_000);

  it('follows events as they change, and goes on when the API was away', async () => {
    const { id } = await createWebhook('tail');
    const tail = startCommand(
      ['events', 'tail', '--json', '--webhook', String(id), '--delivered', '--count', '2'],
      environment,
    );
    await eventually(() => tail.output.stderr.includes('following'), { withinMs: 60_000 });
    const first = await publish(id, 1);
    await eventually(() => tail.output.stdout.includes(first), { withinMs: 60_000 });
    await system.ingestApi.kill();
    await system.ingestApi.start();
    const second = await publish(id, 2);
    const { code, stdout } = await tail.ended;
    expect(code).toBe(0);
    const uuids = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { uuid: string }).uuid);
    expect(uuids).toContain(first);
    await eventually(() => target.received.some(({ headers }) => headers['webhook-id'] === second), {
      withinMs: 60_000,
    });
  }, 240_000);

  it('resends in bulk after a look, and waits for the end', async () => {
    // Without recovery, which would be quicker with some of them.
    const { id } = await createWebhook('resend', '--fields', '{"config":{"recover_hours":0}}');
    target.answer(respond(400));
    for (let pk = 1; pk <= 6; pk += 1) await publish(id, pk);
    const exhausted = ['events', 'resend', '--webhook', String(id), '--state', 'exhausted'];
    await eventually(async () => (await answerOf<{ count: number }>(...exhausted, '--dry-run')).count === 6, {
      withinMs: 60_000,
      everyMs: 500,
    });
    target.answer(respond(200));
    const asked = await run(...exhausted);
    expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('Send 6 events again?')]);
    const { code, stdout } = await run(...exhausted, '--yes', '--rate', '3');
    expect([code, stdout]).toEqual([0, '6 events sent again.\n']);
    const { results } = await answerOf<{ results: { state: string; done: number }[] }>('tasks', 'list');
    expect(results[0]).toMatchObject({ state: 'FINISHED', done: 6 });
    expect((await run('tasks', 'list')).stdout).toMatch(
      /FINISHED +6 +6 +0 +3\/s +state=exhausted|webhook=\d+ state=exhausted/,
    );
  }, 240_000);

  it('listens, verifies both signatures, and answers as told', async () => {
    const port = await freePort();
    const listen = startCommand([
      'listen',
      '--port',
      String(port),
      '--secret',
      SECRET,
      '--status',
      '500,200',
      '--json',
    ]);
    await eventually(() => listen.output.stderr.includes('receiving at'), { withinMs: 60_000 });
    const url = `http://127.0.0.1:${port}/hooks`;
    const fields = JSON.stringify({
      config: { max_attempts: 2 },
      retry_countdown_config: { choice: 'fixed', kwargs: { seconds: 0 } },
    });
    const create = (secret: string, path: string) =>
      answerOf<{ id: number }>(
        'webhooks',
        'create',
        url + path,
        '--event-type',
        'package.created',
        '--secret',
        secret,
        '--fields',
        fields,
      );
    const { id } = await create(SECRET, '');
    await publish(id, 1);
    const requests = () =>
      listen.output.stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { path: string; signatures: object; answered: number });
    await eventually(() => requests().length === 2, { withinMs: 60_000 });
    const valid = { whisperer: 'valid', standard: 'valid' };
    expect(requests()).toMatchObject([
      { answered: 500, signatures: valid },
      { answered: 200, signatures: valid },
    ]);
    await publish((await create('another', '/wrong')).id, 2);
    await eventually(() => requests().some(({ path }) => path === '/hooks/wrong'), { withinMs: 60_000 });
    expect(requests().at(-1)).toMatchObject({
      answered: 401,
      signatures: { whisperer: 'wrong', standard: 'wrong' },
    });
    listen.signal('SIGINT');
    expect((await listen.ended).code).toBe(0);
  }, 240_000);

  it('finds nothing wrong with a good set-up, and names what is wrong with another', async () => {
    const { database, ingestApi, dispatcher } = system;
    const good = await startCommand(['doctor', '--target', target.url], {
      ...environment,
      DATABASE_URL: database.url,
      DISPATCHER_PORT: new URL(dispatcher.url).port,
      DELIVERY_ALLOWED_NETWORKS: '127.0.0.0/8',
    }).ended;
    expect([good.code, good.stderr]).toEqual([0, 'Nothing is wrong.\n']);
    expect(good.stdout).toMatch(/✓ Schema +up to date/);

    const port = await freePort();
    const bad = await startCommand(['doctor', '--json', '--target', target.url], {
      OMS_WEBHOOKS_URL: ingestApi.url,
      OMS_WEBHOOKS_TOKEN: 'no-such-token',
      DATABASE_URL: `postgres://nobody@127.0.0.1:${port}/nothing`,
      KAFKA_BROKERS: `127.0.0.1:${port}`,
      DELIVERY_ALLOWED_NETWORKS: '10.0.0.0/8',
      RATE_LIMIT: 'often',
    }).ended;
    expect(bad.code).toBe(1);
    const findings = JSON.parse(bad.stdout) as { what: string; state: string; remedy?: string }[];
    const wrong = findings.filter(({ state }) => state === 'bad');
    expect(wrong.map(({ what }) => what)).toEqual(['Settings', 'PostgreSQL', 'Kafka', 'Token', 'Target']);
    expect(wrong.every(({ remedy }) => remedy)).toBe(true);
  }, 120_000);

  it('ends with a code that says why', async () => {
    const nowhere = { OMS_WEBHOOKS_URL: `http://127.0.0.1:${await freePort()}`, OMS_WEBHOOKS_TOKEN: 'x' };
    const codes: [string[], Record<string, string>, number, RegExp][] = [
      [['events', 'list'], nowhere, 69, /does not answer: ECONNREFUSED/],
      [['events', 'list'], { ...environment, OMS_WEBHOOKS_TOKEN: 'wrong' }, 77, /Invalid token\./],
      [['events', 'list', '--state', 'lost'], environment, 1, /state: Select a valid choice\. lost is not/],
      [['events', 'list', '--since', 'soon'], environment, 2, /A date/],
      [['events', 'resend'], environment, 2, /Which\?/],
      [['events', 'show', '00000000-0000-4000-8000-000000000000'], environment, 1, /There is no event/],
      [['publish', '--pk', '1'], environment, 2, /To whom\?/],
      [['nonsense'], environment, 2, /unknown command/],
      [['--help'], environment, 0, /^$/],
    ];
    for (const [args, place, code, words] of codes) {
      const ended = await startCommand(args, place).ended;
      expect([args, ended.code]).toEqual([args, code]);
      expect(ended.stderr).toMatch(words);
    }
  }, 120_000);
});
