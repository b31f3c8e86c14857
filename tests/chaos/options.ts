import { parseArgs } from 'node:util';

export interface ChaosOptions {
  seed: number;
  events: number;
  /** Kills, freezes and restarts, in all. */
  kills: number;
  /** How long events are published. */
  seconds: number;
  /** Where the verdict is written as JSON. */
  out: string;
  /** A scenario instead of random faults. */
  scenario: string | undefined;
  /** How long the scenarios keep something away. */
  awaySeconds: number;
  /** Logs and data are kept even when all is well. */
  keep: boolean;
}

export const USAGE = `npm run chaos -- [--seed N] [--events 5000] [--kills 20] [--seconds 5 a kill] [--out FILE] [--keep]
npm run chaos -- --scenario NAME|all [--away SECONDS]   (names: docs/reliability.md)
npm run chaos -- --kafka-away SECONDS`;

const FLAGS = ['seed', 'events', 'kills', 'seconds', 'out', 'scenario', 'away', 'kafka-away'] as const;
type Flag = (typeof FLAGS)[number];
const AWAY_SECONDS = 60;

/** @throws Error in words */
export function readOptions(args: string[], randomSeed: () => number): ChaosOptions {
  const { values } = parseArgs({
    args,
    options: {
      ...(Object.fromEntries(FLAGS.map((name) => [name, { type: 'string' }])) as Record<
        Flag,
        { type: 'string' }
      >),
      keep: { type: 'boolean' },
    },
  });
  const number = (name: Flag, otherwise: number): number => {
    const value = values[name];
    if (value === undefined) return otherwise;
    if (!/^\d{1,9}$/.test(value)) throw new Error(`--${name} is a whole number, not ${value}`);
    return Number(value);
  };
  const seed = number('seed', randomSeed());
  const kills = number('kills', 20);
  const kafkaAway = values['kafka-away'] !== undefined;
  const scenario = kafkaAway ? 'kafka-away' : values.scenario;
  return {
    seed,
    kills,
    events: number('events', 5_000),
    seconds: number('seconds', Math.max(10, kills * 5)),
    out: values.out ?? `tests/chaos/results/${scenario ?? seed}.json`,
    scenario,
    keep: values.keep === true,
    awaySeconds: number('kafka-away', number('away', AWAY_SECONDS)),
  };
}
