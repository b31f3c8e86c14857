const UNITS: [seconds: number, word: string][] = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
  [1, 's'],
];

/** A stretch of time in its two largest units: `1 h 17 min`. */
export function durationWords(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const first = UNITS.findIndex(([size]) => whole >= size);
  if (first < 0) return '0 s';
  let rest = whole;
  const words: string[] = [];
  for (const [size, word] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) words.push(`${count} ${word}`);
  }
  return words.join(' ');
}

/**
 * Words for what has happened. The server's clock is known to half a second only, so what happened just now may seem to
 * lie ahead; it is `0 s ago` then.
 * @param awayMs the instant, less the server's now
 */
export const agoWords = (awayMs: number): string => `${durationWords(-awayMs / 1000)} ago`;

/** Words for what will happen, `due` from its instant on. @param awayMs the instant, less the server's now */
export const untilWords = (awayMs: number): string =>
  awayMs > 0 ? `in ${durationWords(awayMs / 1000)}` : 'due';
