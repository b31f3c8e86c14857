import { Pool } from 'undici';
import { TOKEN } from '../machine/system.ts';

export const PUBLISHERS = 64;
/** 1 KiB of JSON, as the peers were measured with. */
export const DATA = { id: 8812, note: 'x'.repeat(1000) };
export const headers = { authorization: `Token ${TOKEN}`, 'content-type': 'application/json' };
const PUBLISH = '/api/v1/oms/oms_hook_events/publish-event/';
const BATCH = '/api/v1/oms/events/batch/';

/** Requests of the load, made before they are sent. */
export interface Call {
  path: string;
  body: string;
}

export const publishCall = (hook: number, pk: number, data: object = DATA): Call => ({
  path: PUBLISH,
  body: JSON.stringify({ hook, instance: { pk, model: 'package', data } }),
});

/** @param eventTypes one event of each, so one event to each one's webhook */
export const batchCall = (eventTypes: readonly string[]): Call => ({
  path: BATCH,
  body: JSON.stringify({
    events: eventTypes.map((event_type, pk) => ({
      event_type,
      instance: { pk, model: 'package', data: DATA },
    })),
  }),
});

/** `count` calls by publishers that each wait for their answer before the next one; seconds that it took. */
export async function flood(
  origin: string,
  count: number,
  callOf: (number: number) => Call,
): Promise<number> {
  const pool = new Pool(origin, { connections: PUBLISHERS, pipelining: 1 });
  const startedAt = performance.now();
  let next = 0;
  const publisher = async () => {
    while (next < count) await post(pool, callOf(next++));
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, publisher));
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  return seconds;
}

/** @throws when it is not answered 202 */
export async function post(pool: Pool, { path, body }: Call): Promise<void> {
  const answer = await pool.request({ path, method: 'POST', headers, body });
  if (answer.statusCode !== 202)
    throw new Error(`${path} was answered ${answer.statusCode}: ${await answer.body.text()}`);
  await answer.body.dump();
}

/** A new webhook. @returns its id */
export async function createHook(apiUrl: string, targetUrl: string, eventType: string): Promise<number> {
  const answer = await fetch(`${apiUrl}/whisperer/hooks/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ target_url: targetUrl, event_type: eventType, secret_key: 'swordfish' }),
  });
  const text = await answer.text();
  if (answer.status !== 201) throw new Error(`registering a webhook was answered ${answer.status}: ${text}`);
  return (JSON.parse(text) as { id: number }).id;
}
