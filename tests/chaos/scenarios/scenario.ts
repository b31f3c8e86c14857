import type { MachineOptions } from '../machine/start-machine.ts';
import type { Rig } from '../rig.ts';
import type { Fault } from '../machine/inflict.ts';
import type { Victim } from '../machine/victim.ts';
import type { VictimName } from '../plan.ts';
import type { Verdict } from '../verdict/judge.ts';

interface ScenarioOptions {
  awaySeconds: number;
  say: (line: string) => void;
  signal: AbortSignal;
}

/** A course of events that is played out on purpose. */
export interface Scenario {
  /** Names of RECEIVERS. */
  receivers: string[];
  /** What its machine has beyond the usual. */
  machine?: MachineOptions;
  run: (rig: Rig, options: ScenarioOptions) => Promise<Verdict>;
}

export const STEADY = ['steady 1', 'steady 2', 'steady 3'];
/** Where nobody is killed, an answer that comes late must not look like a request that was sent twice. */
export const PATIENT = { DELIVERY_TIMEOUT_MS: '10000' };
export const SETTLE_LIMIT_MS = 90_000;

/** The verdict, with what this scenario promises beyond the usual. */
export function requiring(verdict: Verdict, requirements: Record<string, boolean>): Verdict {
  const broken = Object.entries(requirements).flatMap(([what, kept]) => (kept ? [] : [`not so: ${what}`]));
  return { ...verdict, failures: [...verdict.failures, ...broken] };
}

/** What was recorded as timed out is sent again by right, though its receiver may have answered a moment later. */
export const nothingTwice = ({ duplicates }: Verdict): Record<string, boolean> => ({
  'nothing was sent twice': duplicates.every(({ cause }) => cause === 'late'),
});

/** Kills, waits, starts again. */
export async function keepAway(victim: Victim, away: () => Promise<void>): Promise<Fault> {
  const at = Date.now();
  await victim.kill();
  await away();
  await victim.start();
  return { victim: victim.name as VictimName, kind: 'kill', at, until: Date.now() };
}
