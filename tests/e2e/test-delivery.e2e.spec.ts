import { whispererSignature } from '@oms-webhooks/domain';
import { respond, startTarget, type Target } from '../environment/target.ts';
import { EVENTS, HOOKS } from './api-client.ts';
import { startSystem, type System } from './system.ts';

describe('A test delivery', () => {
  let system: System;
  let target: Target;
  beforeAll(async () => {
    [system, target] = await Promise.all([
      startSystem({ environment: { DELIVERY_TIMEOUT_MS: '5000' } }),
      startTarget(),
    ]);
  });
  afterAll(async () => {
    await system.close();
    await target.close();
  });
  beforeEach(() => {
    target.received.length = 0;
  });
  const test = (id: number) => system.api.call('POST', `${HOOKS}${id}/test/`);

  it('is one signed request, and its answer is ours', async () => {
    target.answer(respond(201, 'welcome'));
    const { id } = await system.api.createHook(`${target.url}/ok`, { secret_key: 'swordfish' });
    const { status, json } = await test(id);
    expect([status, json]).toMatchObject([
      200,
      { state: 'delivered', number: 1, response_http_status: 201, response_content: 'welcome' },
    ]);
    const [request, ...more] = target.received;
    expect(more).toEqual([]);
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      event: { type: 'package.created', uuid: String(json.uuid).replaceAll('-', '') },
      payload: { test: true, webhook: id },
    });
    expect(request?.headers['x-whisperer-signature']).toBe(
      whispererSignature('swordfish', request?.body ?? ''),
    );
  });

  it('that fails is not sent again', async () => {
    target.answer(respond(500, 'no'));
    const { id } = await system.api.createHook(`${target.url}/no`);
    const { status, json } = await test(id);
    expect([status, json]).toMatchObject([200, { state: 'exhausted', response_http_status: 500 }]);
    const { json: events } = await system.api.get(`${EVENTS}?webhook=${id}`);
    expect(events.results).toMatchObject([{ state: 'exhausted', retry_count: 1, next_attempt_at: null }]);
    expect(target.received).toHaveLength(1);
  });

  it('of an account that does not own the webhook, and of an inactive one, is refused', async () => {
    const { id } = await system.api.createHook(`${target.url}/mine`);
    const other = await system.clientOf('other');
    expect((await other.call('POST', `${HOOKS}${id}/test/`)).status).toBe(404);
    await system.api.call('DELETE', `${HOOKS}${id}/`);
    expect((await test(id)).status).toBe(400);
    expect(target.received).toEqual([]);
  });
});
