/** An event as the API lists it: the published keys, in their order. */
export interface ListedEvent {
  id: number;
  webhook: { id: number; target_url: string };
  delivered: boolean;
  request_payload: { event: unknown; payload: Record<string, unknown> };
  [key: string]: unknown;
}

/** The calls of the story, as a client of the API makes them. Each throws in words when the answer is another than expected. */
export interface DemoClient {
  /** Resolves to the id of the new webhook. */
  createWebhook: (webhook: Record<string, unknown>) => Promise<number>;
  publish: (hook: number, instance: { pk: number; model: string }) => Promise<void>;
  /** The newest event of a webhook, once it is delivered. */
  deliveredEvent: (hook: number) => Promise<ListedEvent | undefined>;
}

export function createDemoClient(baseUrl: string, token: string): DemoClient {
  async function call(method: string, path: string, expected: number, body?: unknown): Promise<string> {
    const response = await fetch(`${baseUrl}${path}`, {
      method,
      headers: { Authorization: `Token ${token}`, 'Content-Type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status !== expected)
      throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    return text;
  }

  return {
    async createWebhook(webhook) {
      const { id } = JSON.parse(await call('POST', '/whisperer/hooks/', 201, webhook)) as { id: number };
      return id;
    },
    async publish(hook, instance) {
      await call('POST', '/api/v1/oms/oms_hook_events/publish-event/', 202, { hook, instance });
    },
    async deliveredEvent(hook) {
      const page = await call('GET', `/api/v1/oms/oms_hook_events/?webhook=${hook}`, 200);
      const [event] = (JSON.parse(page) as { results: ListedEvent[] }).results;
      return event?.delivered ? event : undefined;
    },
  };
}
