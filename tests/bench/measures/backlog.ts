import { pause } from '@oms-webhooks/lifecycle';
import { createHook } from '../load/publishers.ts';
import type { Receiver } from '../load/receiver.ts';
import type { System } from '../machine/system.ts';
import type { Percentiles } from '../../chaos/verdict/figures.ts';
import { measureLatency } from './latency.ts';
import { recorded, roads } from './throughput.ts';

const FRESH_RATE = 20;
const FRESH_SECONDS = 10;
const IDLE_MS = 10_000;
/** At rest: less CPU than this of dispatcher and PostgreSQL together, ms a second, two seconds in a row. */
const REST = 30;
const REST_LIMIT_MS = 90_000;

export interface Backlog {
  /** Events a second from when the dispatcher is up until the last one has arrived. */
  drained: number;
  /** Of events that another webhook gets meanwhile, ms. */
  fresh: Percentiles;
}

/** The dispatcher is off while events come in, and is started again. */
export async function measureBacklog(
  system: System,
  receiver: Receiver,
  hooks: readonly number[],
  events: number,
): Promise<Backlog> {
  const fresh = await createHook(system.apiUrl, `${receiver.url}/well/fresh`, 'transfer.status.transferred');
  await system.dispatcher.end();
  const all = receiver.expect(events + FRESH_RATE * (FRESH_SECONDS + 1));
  await roads(system, hooks).batch.publish(events);
  await system.dispatcher.start();
  await system.dispatcher.ready();
  const startedAt = performance.now();
  const latency = measureLatency({
    apiUrl: system.apiUrl,
    receiver,
    hooks: [fresh],
    measured: 1,
    rate: FRESH_RATE,
    seconds: FRESH_SECONDS,
  });
  await all;
  const seconds = (performance.now() - startedAt) / 1000;
  await recorded(system);
  return { drained: events / seconds, fresh: await latency };
}

export interface Waiting {
  /** MiB of the dispatcher, beside the same without them. */
  memory: number;
  /** ms of CPU a second, dispatcher and PostgreSQL together, beside the same without them. */
  cpu: number;
}

/** What events cost that wait for their next attempt, an hour from now. */
export async function measureWaiting(system: System, hook: number, events: number): Promise<Waiting> {
  const idle = async () => {
    await atRest(system);
    const cpu = await cpuOver(system, IDLE_MS);
    return { memory: (await system.memory()).dispatcher ?? 0, cpu };
  };
  const without = await idle();
  await system.database.pool.query(
    `INSERT INTO webhook_event (uuid, webhook_id, event_type, content_type, object_id, payload, state, attempts,
                                request_datetimes, response_http_status, next_attempt_at)
     SELECT gen_random_uuid(), $1, 'package.created', 4, '8812', '{}', 'retrying', 1, ARRAY[now()], 503,
            now() + interval '1 hour'
       FROM generate_series(1, $2)`,
    [hook, events],
  );
  await system.database.pool.query('VACUUM ANALYZE webhook_event');
  const with_ = await idle();
  await system.database.pool.query(
    `UPDATE webhook_event SET state = 'cancelled', next_attempt_at = NULL WHERE next_attempt_at IS NOT NULL`,
  );
  return { memory: with_.memory - without.memory, cpu: with_.cpu - without.cpu };
}

/** ms of CPU a second, dispatcher and PostgreSQL together. */
async function cpuOver(system: System, ms: number): Promise<number> {
  const before = await system.cpu();
  await pause(ms);
  const after = await system.cpu();
  const used = (name: 'dispatcher' | 'PostgreSQL') => (after[name] ?? 0) - (before[name] ?? 0);
  return (used('dispatcher') + used('PostgreSQL')) / (ms / 1000);
}

/** Waits until what a load leaves behind (autovacuum, checkpoint, announcements) is over, as far as a limit goes. */
async function atRest(system: System): Promise<void> {
  const until = performance.now() + REST_LIMIT_MS;
  for (let quiet = 0; quiet < 2 && performance.now() < until;)
    quiet = (await cpuOver(system, 1_000)) < REST ? quiet + 1 : 0;
}
