import { EVENT_TYPE_OPERATOR } from './bounded-engine.ts';
import { ITERATORS, LIST_ONLY, operators } from './operators.ts';

/** What is wrong with a filter logic, and where: a path such as `/and/0/var`, empty for the whole. */
export class FilterLogicError extends Error {
  override name = 'FilterLogicError';
  readonly path: string;
  constructor(path: string, problem: string) {
    super(path === '' ? problem : `${path}: ${problem}`);
    this.path = path;
  }
}

const MAX_CHARACTERS = 16 * 1024;
const MAX_DEPTH = 20;
const MAX_EXPRESSIONS = 500;
/** Would reach what the message does not say, but JavaScript's objects have. */
const NO_MEMBERS = new Set(['__proto__', 'constructor', 'prototype']);

/** A filter logic ready to be evaluated: `$eventType` is an expression, and every expression has its path and its source. */
export interface ParsedLogic {
  expression: unknown;
  places: Map<object, { path: string; source: unknown }>;
}

/** @throws FilterLogicError */
export function parseLogic(source: unknown): ParsedLogic {
  if (typeof source !== 'boolean' && !isObject(source)) {
    throw new FilterLogicError('', 'Must be an object with one operator, or true or false.');
  }
  const places: ParsedLogic['places'] = new Map();
  const expression = parse(source, '', 0, places);
  // After the walk, which bounds the depth: JSON.stringify would run out of stack.
  if (JSON.stringify(source).length > MAX_CHARACTERS) {
    throw new FilterLogicError('', `Must be no longer than ${MAX_CHARACTERS} characters.`);
  }
  return { expression, places };
}

function parse(source: unknown, path: string, depth: number, places: ParsedLogic['places']): unknown {
  if (source === EVENT_TYPE_OPERATOR) source = { [EVENT_TYPE_OPERATOR]: [] };
  if (typeof source !== 'object' || source === null) return source;
  if (depth > MAX_DEPTH) throw new FilterLogicError(path, `Is nested more than ${MAX_DEPTH} deep.`);
  if (places.size >= MAX_EXPRESSIONS) {
    throw new FilterLogicError(path, `There are more than ${MAX_EXPRESSIONS} expressions.`);
  }
  // Kept before its operands are, so that the explanation reads from the outside in.
  const expression: Record<string, unknown> | unknown[] = Array.isArray(source) ? [] : {};
  places.set(expression, { path, source });
  if (Array.isArray(source)) {
    source.forEach((item, place) =>
      (expression as unknown[]).push(parse(item, `${path}/${place}`, depth + 1, places)),
    );
    return expression;
  }
  const { operator, operand } = operationOf(source as Record<string, unknown>, path);
  const operandPath = `${path}/${operator.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  (expression as Record<string, unknown>)[operator] =
    operator === 'var'
      ? parseReference(operand, operandPath, (item, at) => parse(item, at, depth + 2, places))
      : parse(checkedShape(operator, operand, operandPath), operandPath, depth + 1, places);
  return expression;
}

function operationOf(source: Record<string, unknown>, path: string): { operator: string; operand: unknown } {
  const [operator, ...others] = Object.keys(source);
  if (operator === undefined || others.length > 0) {
    throw new FilterLogicError(path, 'Must be an object with one operator.');
  }
  if (operator !== EVENT_TYPE_OPERATOR && !Object.hasOwn(operators, operator)) {
    throw new FilterLogicError(path, `Unknown operator "${operator.slice(0, 64)}".`);
  }
  return { operator, operand: source[operator] };
}

function checkedShape(operator: string, operand: unknown, path: string): unknown {
  if ((LIST_ONLY as readonly string[]).includes(operator) && !Array.isArray(operand)) {
    throw new FilterLogicError(path, 'Must be a list.');
  }
  if ((ITERATORS as readonly string[]).includes(operator) && (operand as unknown[]).length < 2) {
    throw new FilterLogicError(path, 'Must have a list to go through and an expression for its items.');
  }
  if (operator === 'missing_some' && !(Array.isArray(operand) && operand.length === 2)) {
    throw new FilterLogicError(path, 'Must be a number and a list of paths.');
  }
  return operand;
}

/** The path is literal: one that a message could choose would be checked by nobody. */
function parseReference(
  operand: unknown,
  path: string,
  parseDefault: (source: unknown, path: string) => unknown,
): unknown {
  const [reference, ...defaults] = Array.isArray(operand) ? (operand as unknown[]) : [operand];
  if (!['string', 'number', 'undefined'].includes(typeof reference) && reference !== null) {
    throw new FilterLogicError(path, 'The path must be a text or a number.');
  }
  const forbidden = String(reference)
    .split(/[./]/)
    .find((member) => NO_MEMBERS.has(member.replaceAll('\\', '')));
  if (forbidden !== undefined) throw new FilterLogicError(path, `"${forbidden}" cannot be referred to.`);
  if (defaults.length > 1) throw new FilterLogicError(path, 'Must be a path and at most a default.');
  return [reference ?? '', ...defaults.map((one) => parseDefault(one, `${path}/1`))];
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
