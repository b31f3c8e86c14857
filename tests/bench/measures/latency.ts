import { pause } from '@oms-webhooks/lifecycle';
import { Pool } from 'undici';
import { percentiles, type Percentiles } from '../../chaos/verdict/figures.ts';
import { post, publishCall, PUBLISHERS } from '../load/publishers.ts';
import type { Receiver } from '../load/receiver.ts';
import type { System } from '../machine/system.ts';

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

/** From when a row was to be committed until it is, ms: what the disk allows at this pace. */
export async function commitLatency(
  { database: { pool } }: System,
  { rate, seconds }: Pick<PacedLoad, 'rate' | 'seconds'>,
): Promise<Percentiles> {
  await pool.query('CREATE TABLE bench_raw_commit (id bigserial PRIMARY KEY, payload text)');
  const took: number[] = [];
  const committing: Promise<void>[] = [];
  await evenly({ rate, count: rate * seconds }, (at) => {
    const commit = pool.query('INSERT INTO bench_raw_commit (payload) VALUES ($1)', [NOTE]);
    committing.push(commit.then(() => void took.push(performance.now() - at)));
  });
  await Promise.all(committing);
  await pool.query('DROP TABLE bench_raw_commit');
  return percentiles(took);
}

/** Calls so often, so many a second; with the number and the moment that was planned for it. */
async function evenly(
  { rate, count }: { rate: number; count: number },
  call: (at: number, number: number) => void,
): Promise<void> {
  const startedAt = performance.now();
  for (let number = 0; number < count; number += 1) {
    const at = startedAt + (number * 1000) / rate;
    while (performance.now() < at) await pause(at - performance.now());
    call(at, number);
  }
}

/** Publishes at an even pace; resolves when each event that is looked at has arrived. */
export async function arrivalsOf(load: PacedLoad): Promise<Arrival[]> {
  const { apiUrl, receiver, hooks, measured, rate } = load;
  const pool = new Pool(apiUrl, { connections: PUBLISHERS, pipelining: 1 });
  const planned = new Map<string, number>();
  const sending: Promise<void>[] = [];
  const run = (runs += 1);
  await evenly({ rate, count: eventsOf(load) }, (at, number) => {
    const place = number % hooks.length;
    const key = `${run}-${number}`;
    if (place < measured && number >= WARM_UP_SECONDS * rate) planned.set(key, performance.timeOrigin + at);
    sending.push(post(pool, publishCall(hooks[place] as number, number, { key, note: NOTE })));
  });
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
