// What a sick webhook costs the others: healthy ones are measured in pairs of windows, with and without it, one right
// after the other. `npm run bench:isolation -- [--pairs N] [--seconds N] [--rate N] [--case WORDS]`
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase } from '@oms-webhooks/db';
import { startMachine } from '../../chaos/machine/start-machine.ts';
import { spread } from '../../chaos/verdict/figures.ts';
import { cases, type SickCase } from './cases.ts';
import { startReceiver } from './receiver.ts';
import { measure, type WindowOptions } from './window.ts';

const OUT = 'bench/results/isolation.json';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '15' },
    rate: { type: 'string', default: '50' },
    case: { type: 'string', default: '' },
  },
});
const pairs = Number(values.pairs);

interface Measured {
  name: string;
  without: ReturnType<typeof spread>;
  with: ReturnType<typeof spread>;
  ratioP50: number;
  ratioP99: number;
}

/** Half of the pairs begin with the sick window, so that what drifts on the machine falls on both. */
async function compare(sickCase: SickCase, options: WindowOptions): Promise<Measured> {
  const took: Record<'with' | 'without', number[]> = { with: [], without: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = pair % 2 === 0 ? (['without', 'with'] as const) : (['with', 'without'] as const);
    for (const half of order) {
      const sick = half === 'with' ? sickCase : { ...sickCase, sick: 0 };
      took[half].push(...(await measure(sick, options)));
    }
  }
  const [without, with_] = [spread(took.without), spread(took.with)];
  const ratio = (share: 'p50' | 'p99') => Number(((with_[share] ?? 0) / (without[share] ?? 1)).toFixed(2));
  return { name: sickCase.name, without, with: with_, ratioP50: ratio('p50'), ratioP99: ratio('p99') };
}

const text = (ms: number | null) => (ms ?? 0).toFixed(1).padStart(8);
const row = ({ name, without, with: with_, ratioP50, ratioP99 }: Measured) =>
  `${name.padEnd(28)} ${text(without.p50)} ${text(without.p99)} ${text(with_.p50)} ${text(with_.p99)} ` +
  `${ratioP50.toFixed(2).padStart(8)} ${ratioP99.toFixed(2).padStart(8)}  (${without.count} + ${with_.count})`;

const receiver = await startReceiver();
const machine = await startMachine({ environment: { DELIVERY_TIMEOUT_MS: '10000' } });
const database = await openDatabase({ url: machine.databaseUrl, applicationName: 'bench', poolSize: 1 });
try {
  const options: WindowOptions = {
    apiUrls: machine.ingestApis.map(({ url }) => url),
    pool: database.pool,
    receiver,
    rate: Number(values.rate),
    seconds: Number(values.seconds),
  };
  await measure(cases[0]!, { ...options, seconds: 5 }); // Everything is warm.
  console.log('publish → arrival at healthy webhooks, ms');
  console.log(`${''.padEnd(28)} without: p50, p99     with: p50, p99   ratio: p50, p99  (events)`);
  const measured: Measured[] = [];
  for (const sickCase of cases.filter(({ name }) => name.includes(values.case))) {
    measured.push(await compare(sickCase, options));
    console.log(row(measured.at(-1)!));
  }
  mkdirSync(dirname(OUT), { recursive: true });
  writeFileSync(OUT, `${JSON.stringify({ ...values, measured }, null, 2)}\n`);
} finally {
  await database.close();
  await machine.close(false);
  await receiver.close();
}
