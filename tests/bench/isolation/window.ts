import type { Database } from '@oms-webhooks/db';
import { pause } from '@oms-webhooks/lifecycle';
import { Agent, request } from 'undici';
import { TOKEN } from '../../chaos/machine/start-machine.ts';
import type { SickCase } from './cases.ts';
import type { Receiver } from './receiver.ts';

const WEBHOOKS = 10;
/** These are never sick, and only these are measured: the same number with and without. */
const MEASURED = 7;
/** What waits, and what hangs, has met the dispatchers, ms. */
const ONSET_MS = 3_000;
const ARRIVAL_LIMIT_MS = 90_000;
const headers = { authorization: `Token ${TOKEN}`, 'content-type': 'application/json' };

export interface WindowOptions {
  apiUrls: string[];
  pool: Database['pool'];
  receiver: Receiver;
  /** Events a second, to all ten in turn. */
  rate: number;
  seconds: number;
}

let windows = 0;

/**
 * Ten new webhooks get events for a while, the sick ones as many as the others. Answers, of the healthy ones, the times
 * in ms from when an event was to be published until it arrived.
 */
export async function measure(
  { sick, answer, waiting }: SickCase,
  { apiUrls, pool, receiver, rate, seconds }: WindowOptions,
): Promise<number[]> {
  windows += 1;
  const agent = new Agent({ connections: 64, pipelining: 1 });
  receiver.sickness = answer;
  const hooks = await Promise.all(
    Array.from({ length: WEBHOOKS }, (_, n) => {
      const path = n >= WEBHOOKS - sick ? 'sick' : 'well';
      return createHook(apiUrls[0]!, `${receiver.url}/${path}/${windows}/${n}`, agent);
    }),
  );
  if (waiting > 0) await store(pool, hooks.at(-1)!, waiting, sick > 0 ? 'waiting' : 'delivered');
  // What was just written is not to be written out while it is measured.
  await pool.query('VACUUM ANALYZE webhook_event');
  await pool.query('CHECKPOINT');
  const plannedAt = new Map<string, number>();
  const startedAt = performance.now();
  const onset = ONSET_MS * (rate / 1_000);
  const sending: Promise<void>[] = [];
  for (let number = 0; number < onset + seconds * rate; number += 1) {
    const at = startedAt + (number * 1_000) / rate;
    await pause(at - performance.now());
    const key = `${windows}-${number}`;
    if (number % WEBHOOKS < MEASURED && number >= onset) plannedAt.set(key, at);
    const api = apiUrls[number % apiUrls.length]!;
    sending.push(publish(api, hooks[number % WEBHOOKS]!, key, agent));
  }
  await Promise.all(sending);
  const until = performance.now() + ARRIVAL_LIMIT_MS;
  const isMissing = (key: string) => !receiver.arrivedAt.has(key);
  while ([...plannedAt.keys()].some(isMissing)) {
    if (performance.now() > until) throw new Error('events of healthy webhooks did not arrive');
    await pause(50);
  }
  const took = [...plannedAt].map(([key, at]) => receiver.arrivedAt.get(key)! - at);
  await clear(pool, hooks, apiUrls[0]!, agent);
  receiver.endSickRequests();
  receiver.arrivedAt.clear();
  await agent.destroy();
  return took;
}

async function createHook(apiUrl: string, targetUrl: string, agent: Agent): Promise<number> {
  const { statusCode, body } = await request(`${apiUrl}/whisperer/hooks/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ target_url: targetUrl, event_type: 'package.created' }),
    dispatcher: agent,
  });
  const text = await body.text();
  if (statusCode !== 201) throw new Error(`registering a webhook was answered ${statusCode}: ${text}`);
  return (JSON.parse(text) as { id: number }).id;
}

async function publish(apiUrl: string, hook: number, key: string, agent: Agent): Promise<void> {
  const { statusCode, body } = await request(`${apiUrl}/api/v1/oms/oms_hook_events/publish-event/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ hook, instance: { pk: 8812, model: 'package', data: { key } } }),
    dispatcher: agent,
  });
  await body.dump();
  if (statusCode !== 202) throw new Error(`publishing was answered ${statusCode}`);
}

/**
 * Events that were attempted once. Waiting: half of them are due, the others become due within the next minute. Delivered:
 * the same rows without anything to do, since a table and its indexes cost what they are large, whoever is sick.
 */
async function store(
  pool: Database['pool'],
  hook: number,
  count: number,
  as: 'waiting' | 'delivered',
): Promise<void> {
  await pool.query(
    `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts,
                                request_datetimes, response_http_status, next_attempt_at)
     SELECT gen_random_uuid(), $1, 'package.created', 4, '8812', '{"key":"waiting"}',
            CASE WHEN $3 THEN 'retrying' ELSE 'delivered' END, 1, ARRAY[now()], CASE WHEN $3 THEN 503 ELSE 200 END,
            CASE WHEN $3 THEN now() + (random() * 120 - 60) * interval '1 second' END
       FROM generate_series(1, $2)`,
    [hook, count, as === 'waiting'],
  );
}

/** What is left of a window must not be there in the next one. */
async function clear(pool: Database['pool'], hooks: number[], apiUrl: string, agent: Agent): Promise<void> {
  for (const hook of hooks) {
    const { body } = await request(`${apiUrl}/whisperer/hooks/${hook}/`, {
      method: 'DELETE',
      headers,
      dispatcher: agent,
    });
    await body.dump();
  }
  await pool.query('DELETE FROM webhook_event WHERE webhook_id = ANY ($1)', [hooks]);
  await pool.query('VACUUM webhook_event');
}
