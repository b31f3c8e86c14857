import { pause } from '@oms-webhooks/lifecycle';
import type { Receiver } from '../bench/load/receiver.ts';
import { createSlowTargets } from '../bench/load/targets.ts';
import { PROCESSES, startSystem, type PerProcess, type System } from '../bench/machine/system.ts';
import { arrivalsOf, eventsOf } from '../bench/measures/latency.ts';
import { recorded } from '../bench/measures/throughput.ts';
import { CPU_MS, KAFKA_BYTES, STORED_BYTES, WAL_BYTES } from './measured.ts';
import { eventsACommit, inFlight } from './model.ts';
import { requestsInFlight, takeStock, type Stock } from './take-stock.ts';

/** A size that is run: events a second, evenly, to webhooks whose targets all take as long. */
export interface Size {
  rate: number;
  targetMs: number;
  dispatchers: number;
  seconds: number;
}

export interface Compared {
  name: string;
  unit: string;
  predicted: number;
  measured: number;
}

const WEBHOOKS = 10;
const ONSET_SECONDS = 3;
const REST_SECONDS = 5;
const LOOK_MS = 250;

/** Runs a system of this size and compares what it took with what the model says. */
export async function check(size: Size, receiver: Receiver): Promise<Compared[]> {
  const { rate, targetMs, dispatchers, seconds } = size;
  const system = await startSystem({ kafka: true });
  try {
    for (let running = 1; running < dispatchers; running += 1) await system.addDispatcher();
    const hooks = await createSlowTargets(system.apiUrl, receiver.url, { count: WEBHOOKS, ms: targetMs });
    const load = { apiUrl: system.apiUrl, receiver, hooks, measured: WEBHOOKS, rate };
    await arrivalsOf({ ...load, seconds: ONSET_SECONDS });
    await recorded(system);
    const resting = await cpuAtRest(system);
    const before = await takeStock(system);
    const publishing = arrivalsOf({ ...load, seconds });
    const meanInFlight = await meanWhile(publishing, system, seconds);
    await recorded(system);
    const after = await takeStock(system);
    return [
      {
        name: 'requests in flight, mean',
        unit: '',
        predicted: inFlight(rate, targetMs),
        measured: meanInFlight,
      },
      ...perEvent(before, after, size, resting),
    ];
  } finally {
    await system.close();
  }
}

/** Of looks at a steady pace, without the beginning. */
async function meanWhile(publishing: Promise<unknown>, system: System, seconds: number): Promise<number> {
  const looks: number[] = [];
  await pause(1000);
  const until = performance.now() + (seconds - 1) * 1000;
  while (performance.now() < until) {
    looks.push(await requestsInFlight(system));
    await pause(LOOK_MS);
  }
  await publishing;
  return looks.reduce((sum, count) => sum + count, 0) / looks.length;
}

/** ms of CPU a second that each process takes without events. */
async function cpuAtRest(system: System): Promise<PerProcess> {
  const before = await system.cpu();
  await pause(REST_SECONDS * 1000);
  const after = await system.cpu();
  return Object.fromEntries(
    PROCESSES.map((name) => [name, ((after[name] ?? 0) - (before[name] ?? 0)) / REST_SECONDS]),
  );
}

function perEvent(before: Stock, after: Stock, size: Size, resting: PerProcess): Compared[] {
  const events = eventsOf(size);
  const seconds = (after.at - before.at) / 1000;
  const used = (of: (stock: Stock) => number) => (of(after) - of(before)) / events;
  const bytes = (name: string, predicted: number, of: (stock: Stock) => number) => ({
    name: `${name}, an event`,
    unit: 'bytes',
    predicted,
    measured: used(of),
  });
  return [
    ...PROCESSES.map((name) => ({
      name: `CPU of ${name}, an event, beyond that at rest`,
      unit: 'ms',
      predicted: CPU_MS[name],
      measured: used(({ cpu }) => cpu[name] ?? 0) - ((resting[name] ?? 0) * seconds) / events,
    })),
    bytes('WAL of inserting', WAL_BYTES.event, ({ wal }) => wal['ingest-api']),
    bytes('WAL of recording', WAL_BYTES.attempt, ({ wal }) => wal.dispatcher),
    // Not yet vacuumed: each event is there twice, as inserted and as recorded.
    bytes('tables and indexes', 2 * STORED_BYTES.event + STORED_BYTES.attempt, ({ stored }) => stored),
    bytes('Kafka, to dispatchers', KAFKA_BYTES.event, ({ kafka }) => kafka['oms.webhook-dispatch']),
    bytes('Kafka, of attempts', KAFKA_BYTES.attempt, ({ kafka }) => kafka['oms.webhook-attempts']),
    {
      name: 'events a commit',
      unit: '',
      predicted: eventsACommit(size.rate),
      measured: used(({ commits }) => commits.events) / used(({ commits }) => commits.inserts),
    },
    {
      name: 'attempts a commit',
      unit: '',
      predicted: eventsACommit(size.rate / size.dispatchers),
      measured: used(({ commits }) => commits.attempts) / used(({ commits }) => commits.records),
    },
  ];
}
