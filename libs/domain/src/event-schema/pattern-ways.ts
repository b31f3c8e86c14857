/** Longer strings match no pattern: JavaScript's engine backtracks, and time may rise with a power of the length. */
export const LONGEST_MATCHED = 256;

/** A part of a pattern that this reckoning does not know, or that may take for ever. */
export class PatternFault extends Error {
  override name = 'PatternFault';
}

/**
 * In how many ways a backtracking engine may try a pattern on a string of LONGEST_MATCHED characters, at most. Each `*` or `+`
 * is as many ways as the string is long, one after the other multiplies them; so does a start that is not anchored.
 * @throws PatternFault for look-around, back references, and repeated groups that can be tried in several ways
 */
export function patternWays(pattern: string): number {
  let at = 0;
  let anchored = true;

  function alternatives(outermost: boolean): number {
    let sum = 0;
    do {
      if (outermost && pattern[at] !== '^') anchored = false;
      sum += sequence();
    } while (pattern[at++] === '|');
    at -= 1;
    return sum;
  }

  function sequence(): number {
    let ways = 1;
    while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
      const of = pattern[at] === '(' ? group() : character();
      ways *= repeated(of);
    }
    return ways;
  }

  function group(): number {
    const [opening, kind = ''] = /^\((\?:|\?<[A-Za-z]\w*>|\?)?/.exec(pattern.slice(at)) ?? [''];
    if (kind === '?') throw new PatternFault('has look-around or flags within it');
    at += opening.length;
    const ways = alternatives(false);
    at += 1;
    return ways;
  }

  function character(): number {
    if (pattern[at] === '\\') {
      if (/[1-9k]/.test(pattern[at + 1] ?? '')) throw new PatternFault('has a back reference');
      // Of \u{1F600} and \p{L}, too: in braces it would be taken for a repetition.
      at += /^\\(?:[uxpP]\{[^}]*\}|.)?/s.exec(pattern.slice(at))?.[0].length ?? 1;
    } else if (pattern[at] === '[') {
      at += /^\[(?:\\.|[^\]\\])*\]?/s.exec(pattern.slice(at))?.[0].length ?? 1;
    } else at += 1;
    return 1;
  }

  function repeated(ways: number): number {
    const [text = '', exact, least, most] =
      /^(?:[*+?]|\{(?:(\d+)|(\d+),(\d*))\})\??/.exec(pattern.slice(at)) ?? [];
    if (text === '') return ways;
    at += text.length;
    const unbounded = /^[*+]/.test(text) || (least !== undefined && most === '');
    const max = text.startsWith('?') ? 1 : Number(exact ?? most ?? 0);
    const min = text.startsWith('?') ? 0 : Number(exact ?? least ?? 0);
    const choices = unbounded ? LONGEST_MATCHED : max - min + 1;
    if (ways === 1) return choices;
    if (unbounded) throw new PatternFault('repeats a group that can be tried in several ways');
    return choices * ways ** max;
  }

  const ways = alternatives(true);
  return anchored ? ways : ways * LONGEST_MATCHED;
}
