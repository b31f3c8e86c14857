import { percentiles, type Percentiles } from '../../chaos/verdict/figures.ts';
import type { Receiver } from '../load/receiver.ts';
import { createSlowTargets } from '../load/targets.ts';
import type { PerProcess, System } from '../machine/system.ts';
import { arrivalsOf, eventsOf, type Arrival } from './latency.ts';
import { recorded } from './throughput.ts';

const TARGET_MS = 200;
const WEBHOOKS = 2;

/** Settings with which a dispatcher has so many requests in flight at most; few, so that they bound it and not its CPU. */
export const scalingEnvironment = (places: number) => ({ WEBHOOK_CONCURRENCY: String(places / WEBHOOKS) });

/** Published at twice what the targets allow, half of it waits in the end; the second is what one would run it at. */
const BEYOND = 2;
const WITHIN = 0.7;
const WARM_UP_SECONDS = 3;
/** After the publishing, until what it cost is over; and the share of arrivals up to which there surely is a backlog. */
const ONSET_MS = 1_000;
const BACKLOG_SHARE = 0.95;

export interface Scaled {
  dispatchers: number;
  /** Events a second that the targets' 200 ms allow, and that were delivered from a backlog, nothing else going on. */
  allowed: number;
  delivered: number;
  /** Publish → arrival at seven tenths of that, ms. */
  latency: Percentiles;
  /** ms of CPU an event meanwhile, by process and in all. */
  cpuPerEvent: PerProcess & { all: number };
}

/** One dispatcher, then two, then four, on the same system and the same webhooks. */
export async function* measureScaling(
  system: System,
  receiver: Receiver,
  { places, seconds }: { places: number; seconds: number },
): AsyncGenerator<Scaled> {
  const hooks = await createSlowTargets(system.apiUrl, receiver.url, { count: WEBHOOKS, ms: TARGET_MS });
  const load = { apiUrl: system.apiUrl, receiver, hooks, measured: WEBHOOKS };
  let running = 1;
  for (const dispatchers of [1, 2, 4]) {
    for (; running < dispatchers; running += 1) await system.addDispatcher();
    // Little's law: what is in flight, over how long it takes.
    const rate = (dispatchers * places * 1000) / TARGET_MS;
    // Connections are made, and the group has shared its partitions out.
    await arrivalsOf({ ...load, rate: rate * WITHIN, seconds: WARM_UP_SECONDS });
    const beyond = await arrivalsOf({ ...load, rate: rate * BEYOND, seconds });
    await recorded(system);
    const before = await system.cpu();
    const within = await arrivalsOf({ ...load, rate: rate * WITHIN, seconds });
    await recorded(system);
    const after = await system.cpu();
    yield {
      dispatchers,
      allowed: rate,
      delivered: rateOfBacklog(beyond),
      latency: percentiles(within.map(({ planned, arrived }) => arrived - planned)),
      cpuPerEvent: cpuPerEvent(before, after, eventsOf({ rate: rate * WITHIN, seconds })),
    };
  }
}

/** Arrivals a second between the end of the publishing and the end of the backlog. */
function rateOfBacklog(arrivals: readonly Arrival[]): number {
  const times = arrivals.map(({ arrived }) => arrived).sort((one, other) => one - other);
  const from = Math.max(...arrivals.map(({ planned }) => planned)) + ONSET_MS;
  const until = times[Math.floor(times.length * BACKLOG_SHARE)] ?? from;
  const counted = times.filter((at) => at >= from && at < until).length;
  return (counted * 1000) / (until - from);
}

function cpuPerEvent(before: PerProcess, after: PerProcess, events: number) {
  const used: PerProcess & { all: number } = { all: 0 };
  for (const [name, ms] of Object.entries(after) as [keyof PerProcess, number][]) {
    used[name] = (ms - (before[name] ?? 0)) / events;
    used.all += used[name];
  }
  return used;
}
