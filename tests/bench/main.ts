// The measures of the system, each as far as possible beside a raw loop of the same run. Prints a table and writes
// bench/results/. `npm run bench -- [--only STATION,…] [--stored N] [--places N] [--partitions N] [--quick] [--check]`
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startReceiver } from './load/receiver.ts';
import { regressions, type Baseline } from './regressions.ts';
import { run, stations, type Sizes } from './stations.ts';
import { row, type Figure } from './table.ts';

const RESULTS = 'bench/results';
const BASELINE = 'tests/bench/baseline.json';
const WHOLE: Sizes = {
  warmUp: 20_000,
  events: 30_000,
  backlog: 100_000,
  waiting: 100_000,
  stored: 10_000_000,
  seconds: 20,
  places: 8,
};
/** About a minute, for a first impression and for CI. */
const QUICK: Sizes = {
  warmUp: 10_000,
  events: 3_000,
  backlog: 3_000,
  waiting: 3_000,
  stored: 100_000,
  seconds: 3,
  places: 8,
};
const QUICK_STATIONS = ['throughput', 'latency'];

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    /** Events of the station `stored`; it takes about a minute a million. */
    stored: { type: 'string' },
    /** Requests in flight of each dispatcher of the station `scaling`, an even number: fewer on a machine that is busy. */
    places: { type: 'string' },
    /** Of the topic on which events go to the dispatchers. */
    partitions: { type: 'string' },
    quick: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
  },
});
const sizes = {
  ...(values.quick ? QUICK : WHOLE),
  ...(values.stored && { stored: Number(values.stored) }),
  ...(values.places && { places: Number(values.places) }),
  ...(values.partitions && { partitions: Number(values.partitions) }),
};
const names = values.only?.split(',') ?? (values.quick ? QUICK_STATIONS : Object.keys(stations));
const unknown = names.filter((name) => !(name in stations));
if (unknown.length > 0) {
  console.error(`There is no station ${unknown.join(', ')}; there are: ${Object.keys(stations).join(', ')}.`);
  process.exit(2);
}

const began = new Date();
const figures: Figure[] = [];
const load = loadavg()[0] ?? 0;
console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${load.toFixed(1)} at the start\n`);
const receiver = await startReceiver();
try {
  for (const name of names) {
    for await (const figure of run(name, receiver, sizes)) {
      figures.push(figure);
      console.log(row(figure));
    }
  }
} finally {
  receiver.close();
}
mkdirSync(RESULTS, { recursive: true });
const file = `${RESULTS}/${began.toISOString().replaceAll(/[:.]/g, '-')}.json`;
writeFileSync(file, `${JSON.stringify({ began, load, sizes, figures }, null, 2)}\n`);
console.log(`\nwritten to ${file}`);

if (values.check) {
  const worse = regressions(figures, JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline);
  for (const line of worse) console.log(`worse than the baseline: ${line}`);
  process.exitCode = worse.length > 0 ? 1 : 0;
}
