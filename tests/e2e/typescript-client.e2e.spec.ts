import { createClient, verify, VerificationError } from '@oms-webhooks/client';
import { eventually, startTarget, type Target } from '../environment/target.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('The TypeScript client', () => {
  let system: System;
  let target: Target;
  beforeAll(async () => {
    [system, target] = await Promise.all([startSystem(), startTarget()]);
  });
  afterAll(async () => {
    await system.close();
    await target.close();
  });

  it('registers a webhook, publishes, verifies what arrives, and reads what happened', async () => {
    const client = createClient({ baseUrl: system.ingestApi.url, token: ADMIN_TOKEN });
    const { data: webhook } = await client.POST('/whisperer/hooks/', {
      body: { target_url: `${target.url}/hooks`, event_type: 'package.created', secret_key: SECRET },
    });
    const { response } = await client.POST('/api/v1/oms/oms_hook_events/publish-event/', {
      body: { hook: webhook?.id ?? 0, instance: { pk: 8812, model: 'package', data: { id: 8812 } } },
    });
    expect(response.status).toBe(202);
    const uuid = response.headers.get('X-Event-UUID') ?? '';

    await eventually(() => target.received.length === 1, { withinMs: 60_000, what: 'the delivery' });
    const [request] = target.received;
    if (!request) throw new Error('nothing was received');
    expect(verify(request, { secret: SECRET })).toEqual({
      event: { type: 'package.created', uuid: uuid.replaceAll('-', '') },
      payload: { id: 8812 },
    });
    expect(verify(request, { secret: SECRET, kind: 'whisperer' }).payload).toEqual({ id: 8812 });
    expect(() => verify(request, { secret: 'another' })).toThrow(VerificationError);

    const delivered = () =>
      client.GET('/api/v1/oms/oms_hook_events/', { params: { query: { uuid, delivered: true } } });
    await eventually(async () => (await delivered()).data?.count === 1, {
      withinMs: 60_000,
      what: 'its record',
    });
    expect((await delivered()).data?.results[0]).toMatchObject({ uuid, retry_count: 1, state: 'delivered' });
  }, 180_000);

  it('has errors by their type', async () => {
    const client = createClient({ baseUrl: system.ingestApi.url, token: 'not a token' });
    const { data, error, response } = await client.GET('/whisperer/hooks/registry/');
    expect([data, response.status]).toEqual([undefined, 401]);
    expect(error).toEqual({ detail: 'Invalid token header. Token string should not contain spaces.' });
  });
});
