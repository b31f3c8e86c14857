import { inflict, type Fault } from './machine/inflict.ts';
import type { ChaosOptions } from './options.ts';
import { makePlan, type PlannedFault } from './plan.ts';
import type { Rig } from './rig.ts';
import type { Verdict } from './verdict/judge.ts';

/** Long enough for every lease to run out twice, whatever was killed last. */
const SETTLE_LIMIT_MS = 120_000;
const PROGRESS_EVERY_MS = 5_000;
/** Runs with this many faults are long ones. */
const LONG_RUN_FAULTS = 50;

/** The random run: publishes while a plan of faults is played, then waits for everything to arrive. */
export async function runFaults(
  { seed, events, kills, seconds }: ChaosOptions,
  rig: Rig,
  { signal, say }: { signal: AbortSignal; say: (line: string) => void },
): Promise<Verdict> {
  const lengthMs = seconds * 1_000;
  const plan = makePlan({ seed, faults: kills, lengthMs, longFreezes: kills >= LONG_RUN_FAULTS });
  const over = new AbortController();
  const overdue = setTimeout(() => over.abort(), lengthMs * 2 + SETTLE_LIMIT_MS);
  const progress = setInterval(() => say(rig.progress()), PROGRESS_EVERY_MS);
  const stop = AbortSignal.any([signal, over.signal]);
  const onFault = ({ victim, kind, forMs }: PlannedFault) =>
    say(`${kind} ${victim}, for ${(forMs / 1000).toFixed(1)} s`);
  try {
    const [, faults] = (await Promise.race([
      Promise.all([
        rig.publish({ events, lengthMs }),
        inflict(plan, rig.machine.victims, { signal: stop, onFault }),
      ]),
      new Promise((_, reject) =>
        stop.addEventListener('abort', () => reject(new Error(`not published in time: ${rig.progress()}`))),
      ),
    ])) as [void, Fault[]];
    say(`all published: ${rig.progress()}`);
    return await rig.conclude(events, faults, SETTLE_LIMIT_MS);
  } finally {
    clearTimeout(overdue);
    clearInterval(progress);
  }
}
