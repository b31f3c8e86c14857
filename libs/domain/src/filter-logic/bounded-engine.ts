import { LogicEngine } from 'json-logic-engine';
import { operators } from './operators.ts';

/** An evaluation took more steps than it may. */
class TooMuchWorkError extends Error {
  override name = 'TooMuchWorkError';
  constructor() {
    super(`the evaluation takes more than ${STEPS} steps`);
  }
}

/** What one evaluation may take, in steps of half a microsecond to one: below 100 ms. */
const STEPS = 100_000;
/** A step for each item of a list, and for so many characters of a text. */
const CHARACTERS_A_STEP = 64;

/** Stands in logic for the event type of the message, also inside `map` and the like, where `var` sees the item only. */
export const EVENT_TYPE_OPERATOR = '$eventType';

/** What came of each expression the first time that it was evaluated. */
export type Trace = Map<object, { value: unknown } | { error: unknown }>;

/**
 * json-logic-engine with the operators that we let in, and with a bound. JavaScript cannot be interrupted, so steps are
 * counted: one for each expression evaluated, and the size of its value, which bounds what its operator does with it.
 * It interprets: the library's compiler makes JavaScript text of logic, and nothing in it could count.
 */
class BoundedEngine extends LogicEngine {
  #steps = 0;
  #trace: Trace | undefined;
  #eventType: string | null = null;

  constructor() {
    super(operators, { disableInterpretedOptimization: true, permissive: false });
    this.addMethod(EVENT_TYPE_OPERATOR, () => this.#eventType);
  }

  /** Evaluations are synchronous, so one engine serves all, one after the other. */
  evaluate(logic: unknown, data: unknown, eventType: string | null, trace?: Trace): unknown {
    this.#steps = 0;
    this.#trace = trace;
    this.#eventType = eventType;
    return this.run(logic, data);
  }

  /** The library's own asks `value.constructor`, which a message may have set; and takes `{}` for false. */
  override truthy(value: unknown): boolean {
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  }

  override run(logic: unknown, data?: unknown, options?: { above?: unknown }): unknown {
    this.#spend(1);
    if (typeof logic !== 'object' || logic === null) return logic;
    const note = this.#trace?.has(logic) === false ? this.#trace : undefined;
    try {
      const value: unknown = super.run(logic, data, options);
      this.#spend(sizeOf(value));
      note?.set(logic, { value });
      return value;
    } catch (error) {
      note?.set(logic, { error });
      throw error;
    }
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > STEPS) throw new TooMuchWorkError();
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return value.length / CHARACTERS_A_STEP;
  return Array.isArray(value) ? value.length : 0;
}

export const engine = new BoundedEngine();
