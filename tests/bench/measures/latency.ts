import { pause } from '@oms-webhooks/lifecycle';
import { Pool } from 'undici';
import { percentiles, type Percentiles } from '../../chaos/verdict/figures.ts';
import { post, publishCall, PUBLISHERS } from '../load/publishers.ts';
import type { Receiver } from '../load/receiver.ts';

/** Left out of the figures: connections are being made. */
const WARM_UP_SECONDS = 1;
const ARRIVAL_LIMIT_MS = 60_000;
const NOTE = 'x'.repeat(1000);

export interface PacedLoad {
  apiUrl: string;
  receiver: Receiver;
  /** Events go to them in turn; of these, `measured` (the first ones) are looked at. */
  hooks: readonly number[];
  measured: number;
  /** Events a second, evenly. */
  rate: number;
  seconds: number;
}

/** An event that was looked at: when it was to be published and when it came to its target, ms since 1970. */
export interface Arrival {
  planned: number;
  arrived: number;
}

/** Events that it publishes, warming up included. */
export const eventsOf = ({ rate, seconds }: Pick<PacedLoad, 'rate' | 'seconds'>): number =>
  Math.ceil((WARM_UP_SECONDS + seconds) * rate);

let runs = 0;

/** From when an event was to be published until it arrived at its target, ms. */
export const measureLatency = async (load: PacedLoad): Promise<Percentiles> =>
  percentiles((await arrivalsOf(load)).map(({ planned, arrived }) => arrived - planned));

/** Publishes at an even pace; resolves when each event that is looked at has arrived. */
export async function arrivalsOf(load: PacedLoad): Promise<Arrival[]> {
  const { apiUrl, receiver, hooks, measured, rate } = load;
  runs += 1;
  const pool = new Pool(apiUrl, { connections: PUBLISHERS, pipelining: 1 });
  const planned = new Map<string, number>();
  const sending: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let number = 0; number < eventsOf(load); number += 1) {
    const at = startedAt + (number * 1000) / rate;
    while (performance.now() < at) await pause(at - performance.now());
    const place = number % hooks.length;
    const key = `${runs}-${number}`;
    if (place < measured && number >= WARM_UP_SECONDS * rate) planned.set(key, performance.timeOrigin + at);
    sending.push(post(pool, publishCall(hooks[place] as number, number, { key, note: NOTE })));
  }
  await Promise.all(sending);
  await pool.close();
  return awaited(planned, receiver);
}

async function awaited(planned: ReadonlyMap<string, number>, receiver: Receiver): Promise<Arrival[]> {
  const arrivals = new Map<string, number>();
  const until = performance.now() + ARRIVAL_LIMIT_MS;
  for (;;) {
    for (const [key, at] of await receiver.arrivals()) arrivals.set(key, at);
    const missing = [...planned.keys()].filter((key) => !arrivals.has(key));
    if (missing.length === 0) break;
    if (performance.now() > until)
      throw new Error(`${missing.length} of ${planned.size} events did not arrive`);
    await pause(100);
  }
  return [...planned].map(([key, at]) => ({ planned: at, arrived: arrivals.get(key) as number }));
}
