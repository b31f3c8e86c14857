// Messages of a topic through ten filters, three of which let them through, beside as many events published one a call,
// against a running system with Kafka. API_URL, API_TOKEN, KAFKA_BROKERS, KAFKA_TOPIC_PREFIX; MESSAGES (5000).
import { createServer } from 'node:http';
import { Kafka, logLevel } from 'kafkajs';
import { Pool } from 'undici';

const {
  API_URL = 'http://127.0.0.1:8080',
  API_TOKEN = '',
  KAFKA_BROKERS = '',
  KAFKA_TOPIC_PREFIX = '',
} = process.env;
const messages = Number(process.env.MESSAGES ?? 5_000);
const REGISTERED = 10;
const MATCHING = 3;
const PUBLISHERS = 64;

let arrived = 0;
let wanted = Infinity;
let onAll = () => {};
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

/** Of a call that must succeed. */
async function call(method, path, body) {
  const answer = await fetch(API_URL + path, { method, headers, body: JSON.stringify(body) });
  const json = await answer.json();
  if (answer.status > 299 && answer.status !== 409) throw new Error(`${path}: ${JSON.stringify(json)}`);
  return json;
}

const OS1 = '/core/api/v1/webhooks';
const eventType = `Filtered${Date.now()}`;
await call('POST', `${OS1}/apps`, { permissions: [] });
const { id: app } = (await (await fetch(`${API_URL}${OS1}/apps`, { headers })).json()).data;
const names = Array.from({ length: REGISTERED }, (_, n) => `${eventType}-${n}`);
await call('POST', `${OS1}/topics/participant/events`, {
  events: names.map((name, n) => ({
    name,
    description: '',
    type: 'bench',
    eventType,
    filterLogic: {
      and: [
        { '===': [{ var: ['event.state'] }, 'active:available'] },
        { '<': [{ var: 'rank' }, MATCHING - n] },
      ],
    },
  })),
});
for (const name of names) {
  const webhook = { url: `${receiverUrl}/${name}`, signatureKey: 'c2VjcmV0' };
  await call('POST', `${OS1}/subscriptions`, {
    topic: 'participant',
    eventAppId: app,
    events: [name],
    webhook,
  });
}
const hooks = [];
for (let n = 0; n < MATCHING; n += 1) {
  const hook = {
    event_type: 'package.created',
    target_url: `${receiverUrl}/plain-${eventType}-${n}`,
    secret_key: 'c2VjcmV0',
  };
  hooks.push((await call('POST', '/whisperer/hooks/', hook)).id);
}

/** Seconds until everything has arrived at the receiver. */
async function timed(deliveries, publish) {
  arrived = 0;
  wanted = deliveries;
  const all = new Promise((resolve) => (onAll = resolve));
  const startedAt = performance.now();
  await publish();
  await all;
  return (performance.now() - startedAt) / 1000;
}

const producer = new Kafka({ brokers: KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR }).producer();
await producer.connect();
const data = { state: 'active:available', rank: 0, note: 'x'.repeat(1000) };
async function throughTopic(count) {
  for (let from = 0; from < count; from += 500) {
    const batch = Array.from({ length: Math.min(500, count - from) }, (_, n) => ({
      value: JSON.stringify({ eventType, id: from + n, ...data }),
    }));
    await producer.send({ topic: `${KAFKA_TOPIC_PREFIX}participant`, messages: batch });
  }
}

const pool = new Pool(API_URL, { connections: PUBLISHERS, pipelining: 1 });
async function oneByOne(count) {
  let next = 0;
  const publishNext = async () => {
    while (next < count) {
      const pk = (next += 1);
      const body = JSON.stringify({ hook: hooks[pk % MATCHING], instance: { pk, model: 'package', data } });
      const path = '/api/v1/oms/oms_hook_events/publish-event/';
      const answer = await pool.request({ path, method: 'POST', headers, body });
      await answer.body.dump();
      if (answer.statusCode !== 202) throw new Error(`answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: PUBLISHERS }, publishNext));
}

const warmUp = Math.min(500, messages);
await timed(warmUp * MATCHING, () => throughTopic(warmUp));
await timed(warmUp, () => oneByOne(warmUp));
const deliveries = messages * MATCHING;
const topicSeconds = await timed(deliveries, () => throughTopic(messages));
const plainSeconds = await timed(deliveries, () => oneByOne(deliveries));
console.log(
  JSON.stringify({
    messages,
    registered: REGISTERED,
    matching: MATCHING,
    messages_per_second: Math.round(messages / topicSeconds),
    delivered_per_second: Math.round(deliveries / topicSeconds),
    plain_delivered_per_second: Math.round(deliveries / plainSeconds),
    to_plain: Number((plainSeconds / topicSeconds).toFixed(2)),
  }),
);
await Promise.all([producer.disconnect(), pool.close()]);
receiver.close();
receiver.closeAllConnections();
