import { defaultMethods } from 'json-logic-engine';
import { missing, missingSome, reference } from './references.ts';

type Operator = (operands: unknown[], data: unknown) => unknown;

/** Their first operand is a list; their second is tried on each item. */
export const ITERATORS = ['map', 'filter', 'reduce', 'all', 'some', 'none'] as const;
/** Operators that take a list of operands and nothing else. */
export const LIST_ONLY = ['if', '?:', 'and', 'or', ...ITERATORS] as const;

/** The operators of jsonlogic.com but for `log`; what the library has beyond them is not let in. */
const FROM_LIBRARY = [...LIST_ONLY, '!', '!!', '+', '-', '*', '/', '%', 'max', 'min', 'merge'] as const;

/**
 * Ours, as jsonlogic.com has them. The library's look into prototypes, and throw where unlike things are compared or
 * searched, which would fail an `or` whose next part holds.
 */
const OURS: Record<string, Operator> = {
  var: reference,
  missing,
  missing_some: missingSome,
  '===': ([a, b]) => a === b,
  '!==': ([a, b]) => a !== b,
  '==': ([a, b]) => looselyEqual(a, b),
  '!=': ([a, b]) => !looselyEqual(a, b),
  '<': inOrder((a, b) => a < b),
  '<=': inOrder((a, b) => a <= b),
  '>': inOrder((a, b) => a > b),
  '>=': inOrder((a, b) => a >= b),
  in: ([item, where]) =>
    Array.isArray(where)
      ? where.includes(item)
      : typeof where === 'string' && typeof item === 'string' && where.includes(item),
  cat: (operands) => operands.map(text).join(''),
  substr: ([whole, from, length]) => substring(text(whole), Number(from ?? 0), length),
};

export const operators: Record<string, unknown> = {
  ...Object.fromEntries(
    FROM_LIBRARY.map((name) => [name, (defaultMethods as Record<string, unknown>)[name]]),
  ),
  ...OURS,
};

type Comparable = string | number;

/** JavaScript's `<` and so on, for two operands or, as "between", for three; never of lists and objects. */
function inOrder(holds: (a: Comparable, b: Comparable) => boolean): Operator {
  const pair = (a: unknown, b: unknown) =>
    !isComposite(a) && !isComposite(b) && holds(a as Comparable, b as Comparable);
  return (operands) =>
    pair(operands[0], operands[1]) && (operands.length < 3 || pair(operands[1], operands[2]));
}

function looselyEqual(a: unknown, b: unknown): boolean {
  // A list or an object would be turned into text first.
  if (isComposite(a) || isComposite(b)) return a === b;

  return a == b;
}

function text(value: unknown): string {
  if (isComposite(value)) throw new TypeError('a list or an object is no text');
  return value === null || value === undefined ? '' : `${value as string | number | boolean}`;
}

/** A negative start counts from the end; a negative length leaves so many out at the end. */
function substring(whole: string, from: number, length: unknown): string {
  const rest = whole.slice(from);
  return length === undefined || length === null ? rest : rest.slice(0, Number(length));
}

function isComposite(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
