import { breakingPoints, systemsFor } from './breaking-points.ts';
import type { Load } from './load.ts';
import { needOf } from './model.ts';

const DAY = 86_400;

/** At most two digits that matter, with thousands apart. */
const rounded = (value: number): string => {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return value < 10
    ? String(Number(value.toPrecision(2)))
    : (Math.round(value / unit) * unit).toLocaleString('en');
};

const count = (value: number) => value.toLocaleString('en');

/** What each of these loads takes, a column each. */
export function sizesTable(loads: readonly Load[]): string[][] {
  const needs = loads.map((load) => ({ load, need: needOf(load), systems: systemsFor(load) }));
  const row = (name: string, cell: (one: (typeof needs)[number]) => string) => [name, ...needs.map(cell)];
  return [
    row('events a second, on average', ({ load }) => count(Math.round(load.rate))),
    row('events a day', ({ load }) => `${rounded((load.rate * DAY) / 1e6)} million`),
    row('events a second, in the busiest minutes', ({ need }) => rounded(need.peak)),
    row('requests in flight then', ({ need }) => rounded(need.inFlight)),
    row('ingest APIs', ({ need }) => count(need.ingestApis)),
    row('dispatchers', ({ need }) => count(need.dispatchers)),
    row('partitions of `oms.webhook-dispatch`', ({ need }) => count(need.partitions)),
    row('connections to PostgreSQL', ({ need }) => count(need.connections)),
    row('busy cores: PostgreSQL', ({ need }) => rounded(need.cores.PostgreSQL)),
    row('busy cores: Kafka', ({ need }) => rounded(need.cores.Kafka)),
    row('WAL, MB/s', ({ need }) => rounded(need.walBytesASecond / 1e6)),
    row('Kafka, MB/s a replica', ({ need }) => rounded(need.kafkaBytesASecond / 1e6)),
    row('to targets, Mbit/s', ({ need }) => rounded((need.targetBytesASecond * 8) / 1e6)),
    row('disk, GB a day', ({ need }) => rounded(need.storedBytesADay / 1e9)),
    row('days kept', ({ load }) => count(load.retentionDays)),
    row('disk, TB', ({ need }) => rounded(need.storedBytes / 1e12)),
    row('systems', ({ systems }) => count(systems)),
  ];
}

/** What ends at which rate, the first first. */
export const breakingTable = (load: Load): string[][] =>
  breakingPoints(load).map(({ what, rate, remedy }) => [
    what,
    rounded(rate),
    `${rounded((rate * DAY) / 1e6)} million`,
    remedy,
  ]);
