import { randomUUID } from 'node:crypto';
import { pause } from '@oms-webhooks/lifecycle';
import { request } from 'undici';
import { ADMIN_TOKEN } from './system.ts';
import { PUBLISH } from './api-client.ts';

const ATTEMPTS = 40;
const PAUSE_MS = 100;

export interface Load {
  /** What was answered 202, by uuid. */
  readonly taken: Set<string>;
  /** Events that no attempt got through with. */
  readonly failed: string[];
  /** Requests that had to be sent again, by what came of them. */
  readonly repeated: Map<string, number>;
  stop(): Promise<void>;
}

/**
 * Publishes to a webhook without a break, as a client should: each event with a key of its own; where a connection
 * breaks or is refused, or the answer is 503, it is sent again to the next API. Connections are kept as long as the
 * servers let them.
 */
export function publishUnderLoad(hook: number, apiUrls: readonly string[], publishers = 4): Load {
  const taken = new Set<string>();
  const failed: string[] = [];
  const repeated = new Map<string, number>();
  let publishing = true;
  let next = 0;

  async function attempt(key: string, body: string): Promise<string | undefined> {
    const url = apiUrls[next++ % apiUrls.length] ?? '';
    const answer = await request(url + PUBLISH, {
      method: 'POST',
      headers: {
        authorization: `Token ${ADMIN_TOKEN}`,
        'content-type': 'application/json',
        'idempotency-key': key,
      },
      body,
    }).catch((error: { code?: string; message: string }) => error.code ?? error.message);
    if (typeof answer !== 'string') {
      await answer.body.dump();
      if (answer.statusCode === 202) return String(answer.headers['x-event-uuid']);
    }
    const came = typeof answer === 'string' ? answer : String(answer.statusCode);
    repeated.set(came, (repeated.get(came) ?? 0) + 1);
    return undefined;
  }

  async function publish(pk: number): Promise<void> {
    const key = randomUUID();
    const body = JSON.stringify({ hook, instance: { pk, model: 'package', data: { pk } } });
    for (let left = ATTEMPTS; left > 0; left--) {
      const uuid = await attempt(key, body);
      if (uuid !== undefined) return void taken.add(uuid);
      await pause(PAUSE_MS);
    }
    failed.push(key);
  }

  const ended = Promise.all(
    Array.from({ length: publishers }, async (_, publisher) => {
      for (let number = 0; publishing; number++) await publish(publisher * 1_000_000 + number);
    }),
  );
  return {
    taken,
    failed,
    repeated,
    async stop() {
      publishing = false;
      await ended;
    },
  };
}
