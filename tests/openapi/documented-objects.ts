import type { ApiClient } from '../e2e/api-client.ts';
import { TOKENS } from '../e2e/api-client.ts';

const OS1 = '/core/api/v1/webhooks';

/**
 * Makes some of everything, so that calls come further than 404: ids count from 1 and the document's examples have 3.
 * @returns the document with the names that only this system knows
 */
export async function withObjectsOf(api: ApiClient, document: string): Promise<string> {
  for (let n = 1; n <= 3; n += 1) {
    const { id } = await api.createHook(`https://shop.example/hooks/${n}`);
    await api.publish(id, { pk: 8812, data: { id: 8812 } });
    await api.post(TOKENS, { account: 'shop' });
    await api.post('/api/v1/oms/oms_hook_events/resend-events/', { rate: 1 });
  }
  await api.post('/api/v1/oms/event_types/', {
    name: 'package.weighed',
    description: 'A package is weighed.',
  });

  const app = await api.post(`${OS1}/apps`, { name: 'User management', permissions: [] });
  const events = ['UserCreated', 'UserUpdated'].map((name) => ({
    name,
    type: 'users',
    eventType: `${name}Event`,
  }));
  await api.post(`${OS1}/topics/participant/events`, { events });
  const subscription = await api.post(`${OS1}/subscriptions`, {
    topic: 'participant',
    eventAppId: idOf(app),
    events: ['UserCreated'],
    webhook: { url: 'https://shop.example/hooks' },
  });
  return document
    .replaceAll(/app:[0-9a-f-]{36}/g, idOf(app))
    .replaceAll('2877cadd-fc60-4a5a-a54f-b7be716f4f25', idOf(subscription));
}

const idOf = ({ json }: Awaited<ReturnType<ApiClient['post']>>): string =>
  (json as { data: { id: string } }).data.id;
