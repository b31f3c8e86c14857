import { eventually, respond, startTarget, type Target } from '../environment/target.ts';
import { EVENTS } from './api-client.ts';
import { startSystem, type System } from './system.ts';

describe('An event without data', () => {
  const resource = '{"id": 7, "price": 1.10, "z": 1, "a": 2}';
  let oms: Target;
  let target: Target;
  let system: System;
  beforeAll(async () => {
    [oms, target] = await Promise.all([startTarget(), startTarget()]);
    system = await startSystem({
      environment: { OMS_API_URL: oms.url, OMS_API_TOKEN: 'token-of-the-oms' },
    });
  });
  afterAll(async () => {
    await system.close();
    await Promise.all([oms.close(), target.close()]);
  });
  beforeEach(() => {
    oms.answer(respond(200, resource));
    oms.received.length = 0;
    target.received.length = 0;
  });

  const exhausted = (uuid: string) =>
    eventually(async () => {
      const event = await system.api.event(uuid);
      return event.state === 'exhausted' ? event : undefined;
    });
  const onlyAttempt = { config: { max_attempts: 1, recovery_attempts: 0 } };

  it('has its resource looked up once, by the first attempt, and repeats it unchanged', async () => {
    target.answer((response, _, number) => {
      // What the OMS says later is not what happened.
      oms.answer(respond(200, '{"id": 7, "changed": true}'));
      response.writeHead(number < 4 ? 500 : 200).end();
    });
    const { id } = await system.api.createHook(target.url);
    const uuid = await system.api.publish(id, { pk: 7, model: 'shipment' });
    await eventually(async () => (await system.api.event(uuid)).delivered);
    expect(oms.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
      ['/api/v1/oms/shipments/7/', 'Token token-of-the-oms'],
    ]);
    expect(new Set(target.received.map(({ body }) => body))).toEqual(
      new Set([
        `{"event":{"type":"package.created","uuid":"${uuid.replaceAll('-', '')}"},"payload":${resource}}`,
      ]),
    );
    expect(target.received).toHaveLength(4);
  });

  it('is never looked up when it has data after all', async () => {
    target.answer(respond(200));
    const { id } = await system.api.createHook(`${target.url}/data`);
    const uuid = await system.api.publish(id, { pk: 7, data: {} });
    await eventually(async () => (await system.api.event(uuid)).delivered);
    expect(oms.received).toEqual([]);
  });

  it('shows an empty payload until then', async () => {
    oms.answer(() => undefined);
    const { id } = await system.api.createHook(`${target.url}/slow`);
    const uuid = await system.api.publish(id, { pk: 7 });
    await eventually(() => oms.received.length > 0);
    const event = await system.api.event(uuid);
    expect([event.request_payload.payload, event.state]).toEqual([{}, 'pending']);
    await system.api.call('DELETE', `/whisperer/hooks/${id}/`);
  });

  it.each([
    ['does not exist', () => oms.answer(respond(404, '{"detail":"Not found."}')), /404/],
    ['is no JSON', () => oms.answer(respond(200, '<html>')), /not JSON/],
    ['cannot be had', () => oms.answer(respond(503)), /503/],
    ['is refused to us', () => oms.answer(respond(401)), /401/],
  ])(
    'whose resource %s has a failed attempt of the kind lookup, and nothing is sent',
    async (_, given, words) => {
      given();
      const { id } = await system.api.createHook(`${target.url}/${Math.random()}`, onlyAttempt);
      const uuid = await system.api.publish(id, { pk: 8 });
      const event = await exhausted(uuid);
      expect(event).toMatchObject({ response_http_status: 500, retry_count: 1, delivered: false });
      expect(event.last_error).toMatch(words);
      expect(event.response_content).toBe(event.last_error);
      const { json } = await system.api.get(`${EVENTS}${event.id}/attempts/`);
      expect(json.results).toMatchObject([{ number: 1, error_kind: 'lookup', response_headers: null }]);
      expect(target.received).toEqual([]);
    },
  );

  it('is looked up again by the next attempt when it could not be had, and then arrives', async () => {
    target.answer(respond(200));
    const lookUps = () => oms.received.filter(({ path }) => path.endsWith('/9/')).length;
    // Each attempt asks three times.
    oms.answer((response) => void response.writeHead(lookUps() <= 6 ? 503 : 200).end(resource));
    const { id } = await system.api.createHook(`${target.url}/again`);
    const uuid = await system.api.publish(id, { pk: 9 });
    await eventually(async () => (await system.api.event(uuid)).delivered, { withinMs: 60_000 });
    const event = await system.api.event(uuid);
    expect(event.retry_count).toBe(3);
    expect(target.received).toHaveLength(1);
  });

  it('holds up no event of its webhook that needs no look-up, while the OMS API does not answer', async () => {
    target.answer(respond(200));
    oms.answer(() => undefined);
    const { id } = await system.api.createHook(`${target.url}/beside`);
    // More than a webhook may have in flight.
    for (let pk = 0; pk < 40; pk += 1) await system.api.publish(id, { pk });
    await eventually(() => oms.received.length >= 32, { withinMs: 30_000, what: 'the look-ups' });
    const uuid = await system.api.publish(id, { pk: 100, data: {} });
    await eventually(() => target.received.length > 0, { withinMs: 30_000, what: 'the event with data' });
    expect(target.received[0]?.headers['webhook-id']).toBe(uuid);
    const { json } = await system.api.get(`${EVENTS}?webhook=${id}&delivered=true`);
    expect(json.count).toBe(1);
    await system.api.call('DELETE', `/whisperer/hooks/${id}/`);
  });
});
