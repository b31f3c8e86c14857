import { setMaxListeners } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { runProcess, type Life } from '@oms-webhooks/lifecycle';
import { ALL_SORTS } from './load/traffic.ts';
import { readOptions, USAGE, type ChaosOptions } from './options.ts';
import { openRig, type Rig } from './rig.ts';
import { runFaults } from './run-faults.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { scenarios } from './scenarios/scenarios.ts';
import type { Verdict } from './verdict/judge.ts';
import { verdictLines } from './verdict/print.ts';

const startedAt = Date.now();
const say = (line: string) =>
  console.log(`${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)}  ${line}`);

/** One rig, one verdict. */
async function judged(
  name: string,
  options: ChaosOptions,
  { receivers, machine }: Pick<Scenario, 'receivers' | 'machine'>,
  life: Life,
  run: (rig: Rig) => Promise<Verdict>,
): Promise<Verdict> {
  say(`${name}, --seed ${options.seed}: starting PostgreSQL, Kafka, two ingest APIs and two dispatchers…`);
  const rig = await openRig({ seed: options.seed, receivers, machine, signal: life.signal });
  let good = false;
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= rig.close(!good || options.keep));
  life.onClose(name, close);
  try {
    const verdict = await run(rig);
    good = verdict.failures.length === 0;
    console.log(['', name, ...verdictLines(verdict), ''].join('\n'));
    return verdict;
  } finally {
    await close();
    if (!good || options.keep) say(`logs are kept in ${rig.machine.folder}`);
  }
}

async function runAll(options: ChaosOptions, life: Life): Promise<boolean> {
  const { signal } = life;
  const chosen = Object.entries(scenarios).filter(
    ([name]) => options.scenario === 'all' || options.scenario === name,
  );
  if (options.scenario !== undefined && chosen.length === 0) throw new Error(USAGE);
  const verdicts: Record<string, Verdict> = {};
  if (options.scenario === undefined) {
    const name = `${options.events} events, ${options.kills} faults`;
    verdicts[name] = await judged(name, options, { receivers: ALL_SORTS }, life, (rig) =>
      runFaults(options, rig, { signal, say }),
    );
  }
  for (const [name, scenario] of chosen) {
    if (signal.aborted) break;
    verdicts[name] = await judged(name, options, scenario, life, (rig) =>
      scenario.run(rig, { ...options, say, signal }),
    );
  }
  mkdirSync(dirname(options.out), { recursive: true });
  writeFileSync(options.out, `${JSON.stringify({ options, verdicts }, null, 2)}\n`);
  say(`written: ${options.out}`);
  return Object.values(verdicts).every(({ failures }) => failures.length === 0);
}

await runProcess({
  log: { info: () => undefined, warn: say, error: say },
  graceMs: 30_000,
  start: (life) => {
    setMaxListeners(0, life.signal); // Every publisher waits on it.
    const options = readOptions(process.argv.slice(2), () => Math.floor(Math.random() * 1e6));
    // Not awaited: a signal may end it at any time.
    void runAll(options, life).then(
      (good) => life.end(good ? 0 : 1),
      (error: unknown) => {
        if (life.signal.aborted) return;
        say(`the run failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
        life.end(1);
      },
    );
    return Promise.resolve();
  },
});
