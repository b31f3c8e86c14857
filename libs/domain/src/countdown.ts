/**
 * The waiting rule between attempts, with dj-whisperer's four choices and formulas. All values are seconds;
 * n is the number of retries done so far, from 0.
 *
 *     exponential, base 2, factor 1      n      0  1  2  3   4   5   6    7    8    9
 *                                        wait   1  2  4  8  16  32  64  128  256  512
 *                                        total  1  3  7 15  31  63 127  255  511 1023
 */
export type CountdownConfig =
  | { choice: 'fixed'; kwargs: { seconds: number } }
  | { choice: 'linear'; kwargs: { base: number; limit?: number | null } }
  | { choice: 'exponential'; kwargs: { base: number; factor?: number; limit?: number | null } }
  | { choice: 'random'; kwargs: { min_value: number; max_value: number } };

export const COUNTDOWN_CHOICES = ['fixed', 'linear', 'exponential', 'random'] as const;

export const DEFAULT_COUNTDOWN: CountdownConfig = { choice: 'exponential', kwargs: { base: 2 } };

/** 2^40 has overtaken every useful wait long before; a year keeps the sum a valid timestamp. */
const LONGEST_WAIT_SECONDS = 365 * 24 * 3600;

/**
 * Seconds to wait before the next attempt.
 * @param n retries done so far, from 0
 * @param random a number in [0, 1), used by `random` only
 */
export function countdownSeconds(config: CountdownConfig, n: number, random: number): number {
  return Math.min(formula(config, n, random), LONGEST_WAIT_SECONDS);
}

function formula({ choice, kwargs }: CountdownConfig, n: number, random: number): number {
  switch (choice) {
    case 'fixed':
      return kwargs.seconds;
    case 'linear':
      return Math.min(kwargs.base * n, kwargs.limit ?? Infinity);
    case 'exponential':
      return Math.min(kwargs.base ** n * (kwargs.factor ?? 1), kwargs.limit ?? Infinity);
    case 'random':
      return kwargs.min_value + Math.floor(random * (kwargs.max_value - kwargs.min_value + 1));
  }
}
