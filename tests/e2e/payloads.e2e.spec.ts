import { eventually, startTarget, type Target } from '../environment/target.ts';
import { EVENTS, HOOKS, PUBLISH, RESEND, TOKENS } from './api-client.ts';
import { startSystem, type System } from './system.ts';

describe('What is published', () => {
  let system: System;
  let target: Target;
  let hook: number;
  beforeAll(async () => {
    const brokers = process.env['KAFKA_BROKERS'];
    [system, target] = await Promise.all([startSystem({ ...(brokers && { brokers }) }), startTarget()]);
    ({ id: hook } = await system.api.createHook(target.url));
  });
  afterAll(async () => {
    await system.close();
    await target.close();
  });

  const publishText = (data: string) =>
    system.api.call('POST', PUBLISH, {
      text: `{"hook": ${hook}, "instance": {"pk": 1, "model": "package", "data": ${data}}}`,
      type: 'application/json',
    });

  it.each([
    '{"price": 1.10, "large": 1152921504606846976, "larger": 1e400, "tiny": 5e-9999, "minus": -0.0}',
    '{"z": 1, "a": 2, "10": 3, "9": 4, "": 5}',
    '{"twice": 1, "twice": 2, "__proto__": {"x": 1}, "constructor": 3}',
    '{ "spaces" :\t[ 1 ,\n 2 ] }',
    '{"text": "ş \\u015f \\ud83d\\ude00 😀 \\/ \\u2028 \u2029 \\b\\f\\n"}',
    '{}',
  ])('arrives and is listed exactly as it was written: %s', async (data) => {
    const { status, headers } = await publishText(data);
    expect(status).toBe(202);
    const uuid = String(headers['x-event-uuid']);
    await eventually(async () => (await system.api.event(uuid)).delivered);
    const body = `{"event":{"type":"package.created","uuid":"${uuid.replaceAll('-', '')}"},"payload":${data}}`;
    expect(target.received.find(({ headers }) => headers['webhook-id'] === uuid)?.body).toBe(body);
    expect((await system.api.get(`${EVENTS}?uuid=${uuid}`)).text).toContain(`"request_payload":${body},`);
  });

  it('may be almost as large as a body may be', async () => {
    const data = JSON.stringify({ x: 'ş'.repeat(500_000) });
    const { status, headers } = await publishText(data);
    expect(status).toBe(202);
    const uuid = String(headers['x-event-uuid']);
    await eventually(async () => (await system.api.event(uuid)).delivered);
    const received = target.received.find(({ headers }) => headers['webhook-id'] === uuid);
    expect(received?.body.endsWith(`"payload":${data}}`)).toBe(true);
  });

  const deep = (open: string, close: string, levels: number) =>
    open.repeat(levels) + '1' + close.repeat(levels);
  const hostile = {
    'a NUL': String.raw`"\u0000"`,
    'a lone surrogate': String.raw`"\ud800"`,
    'a lone surrogate within text': String.raw`"a\udfffb"`,
    'a huge number': '1e999',
    'a number past 2^53': '9007199254740993',
    'many digits': '9'.repeat(5000),
    'lists in lists': deep('[', ']', 200),
    'objects in objects': deep('{"a":', '}', 200),
    'very deep lists': deep('[', ']', 100_000),
    'a duplicate key': '{"a": 1, "a": 2}',
    'a prototype': '{"__proto__": {"superuser": true}}',
    null: 'null',
    'not a number': 'NaN',
    'a byte that is not UTF-8': 'ÿ',
  };

  it.each(Object.entries(hostile))('that has %s in any place is never a fault of ours', async (_, value) => {
    const bodies = (path: string) =>
      path === PUBLISH
        ? [
            `{"hook": ${value}, "instance": {"pk": 1, "model": "package"}}`,
            `{"hook": ${hook}, "instance": {"pk": ${value}, "model": "package", "data": {}}}`,
            `{"hook": ${hook}, "instance": {"pk": 1, "model": ${value}}}`,
            `{"hook": ${hook}, "instance": {"pk": 1, "model": "package", "data": ${value}}}`,
            `{"hook": ${hook}, "instance": {"pk": 1, "model": "package", "data": {"x": ${value}}}}`,
            `{"hook": ${hook}, "instance": ${value}}`,
            `{"hook": ${hook}, "instance": {"pk": 1, "model": "package", "data": {}}, "unknown": ${value}}`,
            value,
          ]
        : path === RESEND
          ? [`{"event": ${value}}`]
          : path === TOKENS
            ? [
                `{"account": ${value}}`,
                `{"account": "a", "roles": ${value}}`,
                `{"account": "a", "app": ${value}}`,
              ]
            : [
                'target_url',
                'event_type',
                'secret_key',
                'callback',
                'additional_headers',
                'config',
                'retry_countdown_config',
              ].map(
                (field) =>
                  `{"target_url": "${target.url}/x", "event_type": "package.created", "${field}": ${value}}`,
              );
    for (const path of [PUBLISH, RESEND, HOOKS, TOKENS]) {
      for (const body of bodies(path)) {
        const text = Buffer.from(body, value === 'ÿ' ? 'latin1' : 'utf8');
        const { status } = await system.api.call('POST', path, { text, type: 'application/json' });
        expect([200, 201, 202, 400, 404, 406]).toContain(status);
      }
    }
    expect((await system.api.get(`${EVENTS}?page_size=100`)).status).toBe(200);
    expect((await system.api.get(`${HOOKS}?page_size=100`)).status).toBe(200);
  });

  it('without a fault in the log, and every event that was taken arrives', async () => {
    await eventually(async () => (await system.api.get(`${EVENTS}?state=pending`)).json.count === 0, {
      what: 'everything being attempted',
      withinMs: 60_000,
    });
    const faults = [...system.ingestApi.lines, ...system.dispatcher.lines].filter(
      ({ level }) => level === 'error',
    );
    expect(faults).toEqual([]);
  });
});
