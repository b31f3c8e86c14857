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
const NEGATIONS = new Set(['!', '!!']);
const PATHS = new Set(['var', 'missing', 'missing_some']);

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
  if (isEventType(source)) {
    const expression = { [EVENT_TYPE_OPERATOR]: [] };
    places.set(expression, { path, source });
    return expression;
  }
  if (typeof source !== 'object' || source === null) return source;
  if (depth > MAX_DEPTH) throw new FilterLogicError(path, `Is nested more than ${MAX_DEPTH} deep.`);
  if (places.size >= MAX_EXPRESSIONS) {
    throw new FilterLogicError(path, `There are more than ${MAX_EXPRESSIONS} expressions.`);
  }
  // Each is kept before its operands are, so that the explanation reads from the outside in.
  if (Array.isArray(source)) {
    const list: unknown[] = [];
    places.set(list, { path, source });
    source.forEach((item, place) => list.push(parse(item, `${path}/${place}`, depth + 1, places)));
    return list;
  }
  const { operator, operand } = operationOf(source as Record<string, unknown>, path);
  const operandPath = `${path}/${operator.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  const expression: Record<string, unknown> = {};
  places.set(expression, { path, source });
  expression[operator] = PATHS.has(operator)
    ? parsePaths(operand, operandPath, depth + 1, places)
    : parse(checkedShape(operator, operand, operandPath), operandPath, depth + 1, places);
  return expression;
}

/** The string as an operand is a reference, since the guide writes it so; `var` says the same. */
function isEventType(source: unknown): boolean {
  if (source === EVENT_TYPE_OPERATOR) return true;
  if (!isObject(source)) return false;
  const { var: path, ...others } = source as Record<string, unknown>;
  return [path].flat()[0] === EVENT_TYPE_OPERATOR && Object.keys(others).length === 0;
}

/** A literal text is a path here, and no reference to the event type. */
function parsePaths(operand: unknown, path: string, depth: number, places: ParsedLogic['places']): unknown {
  if (!Array.isArray(operand))
    return typeof operand === 'string' ? operand : parse(operand, path, depth, places);
  return operand.map((item: unknown, place) => parsePaths(item, `${path}/${place}`, depth + 1, places));
}

function operationOf(source: Record<string, unknown>, path: string): { operator: string; operand: unknown } {
  const [operator, ...others] = Object.keys(source);
  if (operator === undefined || others.length > 0) {
    throw new FilterLogicError(path, 'Must be an object with one operator.');
  }
  if (!Object.hasOwn(operators, operator)) {
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
  // The library would take the items of a list that a single operand comes to for the operands.
  return NEGATIONS.has(operator) && !Array.isArray(operand) ? [operand] : operand;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
