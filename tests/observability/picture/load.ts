import { pause } from '@oms-webhooks/lifecycle';
import { Kafka } from 'kafkajs';
import { createHook, headers } from '../../bench/load/publishers.ts';
import type { Receiver } from '../../bench/load/receiver.ts';
import { createSlowTargets } from '../../bench/load/targets.ts';
import { TOKEN, type System } from '../../bench/machine/system.ts';
import { arrivalsOf } from '../../bench/measures/latency.ts';

const RATE = 30;
const EVENTS = '/api/v1/oms/oms_hook_events';

/**
 * A bit of everything for the dashboard to show: healthy, slow and hanging targets and one that is down, requests that are
 * refused, a record that cannot be read, a bulk resend, somebody who follows.
 */
export async function everythingFor(seconds: number, system: System, receiver: Receiver): Promise<void> {
  const { apiUrl } = system;
  const healthy = await createSlowTargets(apiUrl, receiver.url, { count: 4, ms: 5 });
  const slow = await createHook(apiUrl, `${receiver.url}/after/400/slow`, 'shipment.created');
  const hanging = await createHook(apiUrl, `${receiver.url}/hang/all`, 'shipment.cancelled');
  // Nobody listens on the port of discard.
  const down = await createHook(apiUrl, 'http://127.0.0.1:9/down', 'transfer.status.created');
  const leaving = new AbortController();
  const following = fetch(`${apiUrl}${EVENTS}/stream/`, { headers, signal: leaving.signal });
  await (await following).body?.getReader().read();

  const hooks = [...healthy, slow];
  const publishing = arrivalsOf({ apiUrl, receiver, hooks, measured: hooks.length, rate: RATE, seconds });
  const until = performance.now() + seconds * 1000;
  for (let round = 0; performance.now() < until; round += 1) {
    for (const hook of [hanging, down]) await publish(apiUrl, hook, round);
    await fetch(`${apiUrl}${EVENTS}/?state=delivered`, { headers });
    await fetch(`${apiUrl}${EVENTS}/0/`, { headers });
    await fetch(`${apiUrl}/core/api/v1/webhooks/apps`, { headers: { 'X-COREOS-ACCESS': TOKEN } });
    if (round === 5) await unreadableRecord(system);
    if (round === 10) await resendAll(apiUrl, healthy[0]!);
    await pause(1000);
  }
  await publishing;
  leaving.abort();
}

async function publish(apiUrl: string, hook: number, pk: number): Promise<void> {
  const body = JSON.stringify({ hook, instance: { pk, model: 'package', data: {} } });
  await fetch(`${apiUrl}${EVENTS}/publish-event/`, { method: 'POST', headers, body });
}

async function resendAll(apiUrl: string, webhook: number): Promise<void> {
  const body = JSON.stringify({ webhook, state: 'delivered', rate: 3 });
  const answer = await fetch(`${apiUrl}${EVENTS}/resend-events/`, { method: 'POST', headers, body });
  if (answer.status !== 202) throw new Error(`a bulk resend was answered ${answer.status}`);
}

async function unreadableRecord({ brokers, topicPrefix }: System): Promise<void> {
  const producer = new Kafka({ clientId: 'picture', brokers: [brokers!], logLevel: 0 }).producer();
  await producer.connect();
  await producer.send({ topic: `${topicPrefix}oms.events`, messages: [{ value: 'not JSON' }] });
  await producer.disconnect();
}
