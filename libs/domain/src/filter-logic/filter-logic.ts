import { engine, type Trace } from './bounded-engine.ts';
import { parseLogic, type ParsedLogic } from './parse-filter-logic.ts';

/** What a filter sees of a message. */
export interface FilterData {
  /** The message's own fields, `event`, and `$eventType`. */
  readonly [field: string]: unknown;
  readonly $eventType: string;
}

export interface Verdict {
  matches: boolean;
  /** Why it could not be evaluated, which is no match. */
  error: string | null;
}

export interface ExplainedExpression {
  /** Where in the logic: a JSON pointer. */
  path: string;
  expression: unknown;
  value?: unknown;
  error?: string;
}

/** JSON Logic over a message (jsonlogic.com), parsed once. It never throws, and the work of an evaluation is bounded. */
export class FilterLogic {
  readonly #parsed: ParsedLogic;

  /** @throws FilterLogicError */
  constructor(source: unknown) {
    this.#parsed = parseLogic(source);
  }

  judge(data: FilterData): Verdict {
    return this.#judge(data);
  }

  /**
   * The verdict with the value of each expression that led to it, from the outside in; of one that is tried on many
   * items, the first. What did not have to be evaluated is left out.
   */
  explain(data: FilterData): Verdict & { explanation: ExplainedExpression[] } {
    const trace: Trace = new Map();
    const verdict = this.#judge(data, trace);
    const explanation = [...this.#parsed.places].flatMap(([expression, { path, source }]) => {
      const seen = trace.get(expression);
      if (!seen || Array.isArray(source)) return [];
      const outcome = 'error' in seen ? { error: inWords(seen.error) } : { value: seen.value ?? null };
      return [{ path, expression: source, ...outcome }];
    });
    return { ...verdict, explanation };
  }

  #judge(data: FilterData, trace?: Trace): Verdict {
    try {
      const value = engine.evaluate(this.#parsed.expression, data, data.$eventType, trace);
      return { matches: engine.truthy(value), error: null };
    } catch (error) {
      return { matches: false, error: inWords(error) };
    }
  }
}

/** The library throws NaN, and objects with a type. */
function inWords(error: unknown): string {
  if (error instanceof Error) return error.message;
  if (Number.isNaN(error)) return 'arithmetic with what is not a number';
  const { type } = (error ?? {}) as { type?: unknown };
  return typeof type === 'string' ? type : 'it cannot be evaluated';
}
