// What a load takes, by the model of docs/capacity.md; with --check, how far the model is from what sizes that can be run
// here take. `npm run capacity -- [--rate N] [--peak N] [--target-ms N] [--attempts N] [--busiest SHARE] [--payload BYTES]
// [--days N]`; `npm run capacity -- --check [--rate N] [--target-ms N] [--dispatchers N] [--seconds N]`
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { startReceiver } from '../bench/load/receiver.ts';
import { check, type Compared, type Size } from './check.ts';
import { USUAL_LOAD, type Load } from './load.ts';
import { breakingTable, sizesTable } from './tables.ts';

const RESULTS = 'bench/results';
/** What two cores carry with everything on them. */
const SIZES: Size[] = [
  { rate: 50, targetMs: 200, dispatchers: 1, seconds: 15 },
  { rate: 100, targetMs: 200, dispatchers: 2, seconds: 15 },
  { rate: 200, targetMs: 50, dispatchers: 2, seconds: 15 },
];

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: {
    rate: text,
    peak: text,
    'target-ms': text,
    attempts: text,
    busiest: text,
    payload: text,
    days: text,
    dispatchers: text,
    seconds: text,
    check: { type: 'boolean', default: false },
  },
});
type Flag = Exclude<keyof typeof values, 'check'>;

function number(name: Flag, otherwise: number): number {
  const given = values[name];
  if (given === undefined) return otherwise;
  if (Number(given) > 0) return Number(given);
  console.error(`--${name} is a number above 0, not ${given}`);
  process.exit(2);
}

if (values.check) await compare();
else show();

function show(): void {
  const load: Load = {
    rate: number('rate', USUAL_LOAD.rate),
    peakFactor: number('peak', USUAL_LOAD.peakFactor),
    targetMs: number('target-ms', USUAL_LOAD.targetMs),
    attempts: number('attempts', USUAL_LOAD.attempts),
    busiestShare: number('busiest', USUAL_LOAD.busiestShare),
    payloadBytes: number('payload', USUAL_LOAD.payloadBytes),
    retentionDays: number('days', USUAL_LOAD.retentionDays),
  };
  for (const [name = '', cell = ''] of sizesTable([load]))
    console.log(`${name.padEnd(44)} ${cell.padStart(16)}`);
  console.log('\nWhat does not suffice from which rate on, events a second on average:');
  for (const [what = '', rate = '', , remedy = ''] of breakingTable(load))
    console.log(`${what.padEnd(52)} ${rate.padStart(9)}   ${remedy}`);
}

async function compare(): Promise<void> {
  const [usual] = SIZES as [Size];
  const sizes =
    values.rate === undefined
      ? SIZES
      : [
          {
            rate: number('rate', usual.rate),
            targetMs: number('target-ms', usual.targetMs),
            dispatchers: number('dispatchers', usual.dispatchers),
            seconds: number('seconds', usual.seconds),
          },
        ];
  const began = new Date();
  const load = loadavg()[0] ?? 0;
  console.log(`${cpus().length} × ${cpus()[0]?.model ?? 'CPU'}, load ${load.toFixed(1)} at the start`);
  const receiver = await startReceiver();
  const checked: { size: Size; compared: Compared[] }[] = [];
  try {
    for (const size of sizes) {
      const compared = await check(size, receiver);
      checked.push({ size, compared });
      console.log(`\n${size.rate}/s to targets of ${size.targetMs} ms, dispatchers: ${size.dispatchers}`);
      console.log(`${''.padEnd(52)} predicted  measured   error`);
      for (const one of compared) console.log(line(one));
    }
  } finally {
    receiver.close();
  }
  mkdirSync(RESULTS, { recursive: true });
  const file = `${RESULTS}/capacity-${began.toISOString().replaceAll(/[:.]/g, '-')}.json`;
  writeFileSync(file, `${JSON.stringify({ began, load, checked }, null, 2)}\n`);
  console.log(`\nwritten to ${file}`);
}

function line({ name, unit, predicted, measured }: Compared): string {
  const shown = (value: number) => value.toFixed(value < 10 ? 2 : 0).padStart(9);
  const error = Math.round((predicted / measured - 1) * 100);
  return `${name.padEnd(52)} ${shown(predicted)} ${shown(measured)} ${`${error} %`.padStart(7)} ${unit}`.trimEnd();
}
