import { LONGEST_MATCHED, PatternFault, patternWays } from './pattern-ways.ts';

/** About a millisecond for the longest string. */
const MOST_WAYS = LONGEST_MATCHED ** 2;

/** A pattern that no string can keep busy: longer strings do not match, and costlier patterns are refused. */
export class BoundedPattern {
  readonly #expression: RegExp;

  /** @throws PatternFault, or SyntaxError when it is no regular expression */
  constructor(pattern: string, flags: string) {
    this.#expression = new RegExp(pattern, flags);
    if (patternWays(pattern) > MOST_WAYS) throw new PatternFault('can be tried in too many ways');
  }

  test(text: string): boolean {
    return text.length <= LONGEST_MATCHED && this.#expression.test(text);
  }

  /** Its name in the compiled schema. */
  toString(): string {
    return this.#expression.toString();
  }
}
