import type { Figure } from './table.ts';

/**
 * By a figure's name: what it was, and by which factor it may be worse before that is no noise any more. Only ratios and
 * CPU times: rates and latencies tell of the machine.
 */
export type Baseline = Record<string, { value: number; better: 'higher' | 'lower'; noise: number }>;

/** What is worse than the baseline beyond its noise, in words. */
export function regressions(figures: readonly Figure[], baseline: Baseline): string[] {
  return figures.flatMap(({ name, value }) => {
    const known = baseline[name];
    if (!known) return [];
    const limit = known.better === 'higher' ? known.value / known.noise : known.value * known.noise;
    const isWorse = known.better === 'higher' ? value < limit : value > limit;
    return isWorse
      ? [`${name} is ${value.toFixed(3)}, was ${known.value}, noise ends at ${limit.toFixed(3)}`]
      : [];
  });
}
