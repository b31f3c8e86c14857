// One event a call against a running system: publishers, receiver and raw loop in one process, so every figure includes
// them. API_URL, API_TOKEN; EVENTS (20000), PUBLISHERS (64), TARGETS (10).
import { createServer } from 'node:http';
import { Pool } from 'undici';

const { API_URL = 'http://127.0.0.1:8080', API_TOKEN = '' } = process.env;
const events = Number(process.env.EVENTS ?? 20_000);
const publishers = Number(process.env.PUBLISHERS ?? 64);
const targets = Number(process.env.TARGETS ?? 10);

let arrived = 0;
let onAll = () => {};
let wanted = Infinity;
const receiver = createServer((request, response) => {
  request.resume().on('end', () => {
    response.writeHead(202).end();
    arrived += 1;
    if (arrived >= wanted) onAll();
  });
});
await new Promise((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const receiverUrl = `http://127.0.0.1:${receiver.address().port}`;

const headers = { Authorization: `Token ${API_TOKEN}`, 'Content-Type': 'application/json' };
const data = { id: 8812, note: 'x'.repeat(1000) };

/** `count` requests, at most `publishers` at once; answers the seconds it took. */
async function flood(origin, count, requestOf) {
  const pool = new Pool(origin, { connections: publishers, pipelining: 1 });
  const startedAt = performance.now();
  let next = 0;
  await Promise.all(
    Array.from({ length: publishers }, async () => {
      while (next < count) {
        const { statusCode, body } = await pool.request(requestOf(next++));
        await body.dump();
        if (statusCode !== 202) throw new Error(`answered ${statusCode}`);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1000;
  await pool.close();
  return seconds;
}

const body = JSON.stringify({ hook: 1, instance: { pk: 8812, model: 'package', data } });
const rawSeconds = await flood(receiverUrl, events, () => ({ path: '/raw', method: 'POST', headers, body }));

const hooks = [];
for (let target = 0; target < targets; target += 1) {
  const answer = await fetch(`${API_URL}/whisperer/hooks/`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      event_type: 'package.created',
      target_url: `${receiverUrl}/${Date.now()}-${target}`,
      secret_key: 'secret',
    }),
  });
  hooks.push((await answer.json()).id);
}

async function run(count) {
  arrived = 0;
  wanted = count;
  const all = new Promise((resolve) => (onAll = resolve));
  const startedAt = performance.now();
  const published = await flood(API_URL, count, (number) => ({
    path: '/api/v1/oms/oms_hook_events/publish-event/',
    method: 'POST',
    headers,
    body: JSON.stringify({ hook: hooks[number % targets], instance: { pk: number, model: 'package', data } }),
  }));
  await all;
  return { published, delivered: (performance.now() - startedAt) / 1000 };
}

await run(Math.min(2_000, events));
const { published, delivered } = await run(events);
const rate = (seconds) => Math.round(events / seconds);
console.log(
  JSON.stringify({
    events,
    publishers,
    targets,
    raw_per_second: rate(rawSeconds),
    accepted_per_second: rate(published),
    delivered_per_second: rate(delivered),
    delivered_to_raw: Number((rawSeconds / delivered).toFixed(3)),
  }),
);
receiver.close();
receiver.closeAllConnections();
