import { dropOldWeeks } from '@oms-webhooks/db';
import type { Receiver } from './load/receiver.ts';
import { createTargets, WEBHOOKS } from './load/targets.ts';
import { PROCESSES, startSystem, type System } from './machine/system.ts';
import { measureBacklog, measureWaiting } from './measures/backlog.ts';
import { commitLatency, measureLatency } from './measures/latency.ts';
import { measureScaling, scalingEnvironment } from './measures/scaling.ts';
import { bytesPerEvent, measureLists, storeEvents } from './measures/stored.ts';
import { measureNpmStart, measureStart } from './measures/start.ts';
import { measureThroughput, rawInsert, rawLoop, roads } from './measures/throughput.ts';
import type { Percentiles } from '../chaos/verdict/figures.ts';
import type { Figure } from './table.ts';

export interface Sizes {
  /** Until V8 and the JVM have compiled what is busy: a process that has just started takes twice as long for an event. */
  warmUp: number;
  events: number;
  backlog: number;
  waiting: number;
  stored: number;
  seconds: number;
  /** Requests in flight of a dispatcher, in the station `scaling`. */
  places: number;
  /** Of the topic on which events go to the dispatchers; otherwise as many as the services make. */
  partitions?: number;
}

type Station = (context: {
  system: System;
  hooks: number[];
  receiver: Receiver;
  sizes: Sizes;
}) => AsyncGenerator<Figure>;

/** At a pace at which events come one by one, other code is busy than under a flood; so long, as a multiple of a measurement. */
const WARM_UP_PACE = { rate: 500, times: 6 };
/** So many of ten hang, for longer than anybody measures. */
const SICK = { one: 1, three: 3 };
/** Half of the weeks that the station `stored` fills. */
const DAYS_KEPT = 46;

/** What is measured, station by station; each gets a system of its own, with Kafka unless it says otherwise. */
export const stations: Record<
  string,
  { kafka: boolean; environment?: (sizes: Sizes) => Record<string, string>; measure: Station }
> = {
  throughput: { kafka: true, measure: throughput },
  latency: { kafka: true, measure: latency },
  'latency without Kafka': { kafka: false, measure: latency },
  isolation: { kafka: true, measure: isolation },
  backlog: { kafka: true, measure: backlog },
  scaling: { kafka: true, environment: ({ places }) => scalingEnvironment(places), measure: scaling },
  stored: { kafka: true, measure: stored },
  start: { kafka: true, measure: start },
};

export async function* run(name: string, receiver: Receiver, sizes: Sizes): AsyncGenerator<Figure> {
  const { kafka, environment, measure } = stations[name] as (typeof stations)[string];
  const system = await startSystem({
    kafka,
    environment: environment?.(sizes) ?? {},
    partitions: sizes.partitions,
  });
  try {
    const hooks = await createTargets(system.apiUrl, receiver.url);
    for await (const figure of measure({ system, hooks, receiver, sizes }))
      yield kafka ? figure : { ...figure, name: `${figure.name}, without Kafka` };
  } finally {
    await system.close();
  }
}

async function* throughput({ system, hooks, receiver, sizes: { events, warmUp } }: Parameters<Station>[0]) {
  for (const [name, mib] of Object.entries(await system.memory()))
    if (name === 'ingest API' || name === 'dispatcher')
      yield { name: `memory at rest, ${name}`, value: mib, unit: 'MiB', goal: '≤ 120' };
  const road = roads(system, hooks);
  await measureThroughput(system, receiver, road.single, warmUp);
  const raw = await rawLoop(receiver, events);
  yield { name: 'raw loop: the generator straight to the receiver', value: raw, unit: 'requests/s' };
  const inserted = await rawInsert(system, events);
  yield { name: 'raw insert: a hundred rows a commit', value: inserted, unit: 'rows/s' };
  const goals = { single: '≤ 0.8', batch: '≤ 0.35', kafka: '' };
  let single = NaN;
  for (const name of ['single', 'batch', 'kafka'] as const) {
    const { accepted, delivered, cpuPerEvent, walPerEvent } = await measureThroughput(
      system,
      receiver,
      road[name],
      events,
    );
    if (name === 'single') single = delivered;
    const [rawName, rawRate] = name === 'single' ? ['raw loop', raw] : ['raw insert', inserted];
    yield { name: `${name}: accepted`, value: accepted, unit: 'events/s' };
    yield { name: `${name}: accepted, of the ${rawName}`, value: accepted / rawRate, unit: 'ratio' };
    yield { name: `${name}: delivered`, value: delivered, unit: 'events/s' };
    if (name === 'single')
      yield {
        name: 'single: delivered, of the raw loop',
        value: delivered / raw,
        unit: 'ratio',
        goal: '≥ 0.25',
      };
    else
      yield {
        name: `${name}: delivered, of single`,
        value: delivered / single,
        unit: 'ratio',
        goal: '≥ 2.5',
      };
    yield { name: `${name}: CPU an event, in all`, value: cpuPerEvent.all, unit: 'ms', goal: goals[name] };
    for (const process of PROCESSES)
      yield { name: `${name}: CPU an event, ${process}`, value: cpuPerEvent[process] ?? 0, unit: 'ms' };
    yield { name: `${name}: WAL an event`, value: walPerEvent, unit: 'bytes' };
  }
  for (const [name, mib] of Object.entries(await system.memory()))
    if (name === 'ingest API' || name === 'dispatcher')
      yield { name: `memory after the load, ${name}`, value: mib, unit: 'MiB', goal: '≤ 250' };
}

async function* start({ system }: Parameters<Station>[0]) {
  for (const [name, seconds] of Object.entries(await measureStart(system)))
    yield { name: `start, ${name}`, value: seconds, unit: 's', goal: '≤ 2' };
  const seconds = await measureNpmStart();
  yield { name: 'npm start to ready, installed and built', value: seconds, unit: 's', goal: '≤ 8' };
}

async function* latency({ system, hooks, receiver, sizes: { seconds, warmUp } }: Parameters<Station>[0]) {
  const load = { apiUrl: system.apiUrl, receiver, hooks, measured: WEBHOOKS };
  await measureThroughput(system, receiver, roads(system, hooks).single, warmUp);
  await measureLatency({ ...load, rate: WARM_UP_PACE.rate, seconds: seconds * WARM_UP_PACE.times });
  for (const rate of [100, 500]) {
    const commit = await commitLatency(system, { rate, seconds });
    yield { name: `one commit at ${rate}/s, p50`, value: commit.p50, unit: 'ms' };
    yield { name: `one commit at ${rate}/s, p99`, value: commit.p99, unit: 'ms' };
    const { p50, p95, p99 } = await measureLatency({ ...load, rate, seconds });
    yield { name: `publish → arrival at ${rate}/s, p50`, value: p50, unit: 'ms', goal: '≤ 4' };
    yield { name: `publish → arrival at ${rate}/s, p95`, value: p95, unit: 'ms' };
    yield { name: `publish → arrival at ${rate}/s, p99`, value: p99, unit: 'ms', goal: '≤ 8' };
  }
}

/** Two pairs, the second in the other order, so that what drifts on the machine falls on both. */
async function* isolation({ system, hooks, receiver, sizes: { seconds } }: Parameters<Station>[0]) {
  const load = { apiUrl: system.apiUrl, receiver, rate: 300, seconds };
  await measureLatency({ ...load, hooks, measured: WEBHOOKS, seconds: 5 });
  for (const [many, count] of Object.entries(SICK)) {
    const sick = await createTargets(system.apiUrl, receiver.url, count);
    const found: Record<'with' | 'without', Percentiles[]> = { with: [], without: [] };
    for (const half of ['without', 'with', 'with', 'without'] as const) {
      const hooksOfHalf = half === 'with' ? sick : hooks;
      found[half].push(await measureLatency({ ...load, hooks: hooksOfHalf, measured: WEBHOOKS - count }));
    }
    for (const share of ['p50', 'p99'] as const) {
      const [without, beside] = [meanOf(found.without, share), meanOf(found.with, share)];
      yield { name: `beside none, compared with ${many}, ${share}`, value: without, unit: 'ms' };
      yield { name: `beside ${many} of ten that hang, ${share}`, value: beside, unit: 'ms' };
      yield {
        name: `beside ${many} of ten that hang, ${share}, of that without`,
        value: beside / without,
        unit: 'ratio',
        ...(share === 'p99' && { goal: '≤ 1.2' }),
      };
    }
  }
}

const meanOf = (found: Percentiles[], share: 'p50' | 'p99'): number =>
  found.reduce((sum, figures) => sum + figures[share], 0) / found.length;

async function* backlog({ system, hooks, receiver, sizes }: Parameters<Station>[0]) {
  const { single } = roads(system, hooks);
  await measureThroughput(system, receiver, single, sizes.warmUp);
  const { delivered } = await measureThroughput(system, receiver, single, sizes.events);
  const { drained, fresh } = await measureBacklog(system, receiver, hooks, sizes.backlog);
  yield { name: `backlog of ${sizes.backlog}: drained`, value: drained, unit: 'events/s' };
  yield {
    name: 'backlog: drained, of single in the same run',
    value: drained / delivered,
    unit: 'ratio',
    goal: '≥ 0.8',
  };
  yield {
    name: 'backlog: fresh events of another webhook, p99',
    value: fresh.p99,
    unit: 'ms',
    goal: '≤ 100',
  };
  const { memory, cpu } = await measureWaiting(system, hooks[0] as number, sizes.waiting);
  yield { name: `${sizes.waiting} waiting retries: memory`, value: memory, unit: 'MiB', goal: '≤ 50' };
  yield { name: `${sizes.waiting} waiting retries: CPU`, value: cpu, unit: 'ms a second', goal: '0' };
}

async function* scaling({ system, receiver, sizes }: Parameters<Station>[0]) {
  let one = NaN;
  for await (const scaled of measureScaling(system, receiver, sizes)) {
    const { dispatchers, allowed, delivered, latency, cpuPerEvent } = scaled;
    if (dispatchers === 1) one = delivered;
    const name = `dispatchers: ${dispatchers}`;
    yield { name: `${name}, what targets of 200 ms allow`, value: allowed, unit: 'events/s' };
    yield { name: `${name}, delivered`, value: delivered, unit: 'events/s' };
    const goal = dispatchers === 1 ? '' : `≥ ${dispatchers * 0.9}`;
    yield { name: `${name}, delivered, of one`, value: delivered / one, unit: 'ratio', goal };
    yield { name: `${name}, at 70 %: CPU an event, in all`, value: cpuPerEvent.all, unit: 'ms' };
    yield { name: `${name}, at 70 %: CPU an event`, value: cpuPerEvent.dispatcher ?? 0, unit: 'ms' };
    yield { name: `${name}, at 70 %: publish → arrival, p50`, value: latency.p50, unit: 'ms' };
    yield { name: `${name}, at 70 %: publish → arrival, p99`, value: latency.p99, unit: 'ms' };
  }
}

async function* stored({ system, hooks, receiver, sizes }: Parameters<Station>[0]) {
  const { single } = roads(system, hooks);
  await measureThroughput(system, receiver, single, sizes.warmUp);
  const empty = await measureThroughput(system, receiver, single, sizes.events);
  const startedAt = performance.now();
  await storeEvents(system, sizes.stored);
  yield { name: `storing ${sizes.stored} events`, value: (performance.now() - startedAt) / 1000, unit: 's' };
  for (const [name, value] of Object.entries(await bytesPerEvent(system)))
    yield { name: `bytes an event, ${name}`, value, unit: 'bytes' };
  for await (const { name, p99 } of measureLists(system))
    yield { name: `${name}, p99`, value: p99, unit: 'ms', goal: '≤ 50' };
  const full = await measureThroughput(system, receiver, single, sizes.events);
  const ratio = full.delivered / empty.delivered;
  yield* retention(system, hooks, receiver, sizes);
  yield {
    name: 'delivered with all that stored, of the empty database',
    value: ratio,
    unit: 'ratio',
    goal: '≥ 0.8',
  };
}

/** Half of what is stored is dropped while events go on. */
async function* retention(system: System, hooks: number[], receiver: Receiver, { seconds }: Sizes) {
  const load = { apiUrl: system.apiUrl, receiver, hooks, measured: WEBHOOKS, rate: 100, seconds };
  const before = await measureLatency(load);
  const meanwhile = measureLatency(load);
  const startedAt = performance.now();
  const signal = new AbortController().signal;
  let dropped = 0;
  const onDropped = () => void (dropped += 1);
  await dropOldWeeks(system.database.pool, { days: DAYS_KEPT, wallClock: Date.now(), signal, onDropped });
  const took = (performance.now() - startedAt) / 1000;
  yield { name: `retention: ${dropped} weekly tables dropped in`, value: took, unit: 's', goal: '≤ 60' };
  yield {
    name: 'retention: publish → arrival meanwhile, p99, of before',
    value: (await meanwhile).p99 / before.p99,
    unit: 'ratio',
  };
}
