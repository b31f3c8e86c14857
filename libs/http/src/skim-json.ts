import { JsonFault } from './json-fault.ts';

/** Containers within containers; deeper ones would exhaust the stack of whoever walks them. */
export const DEEPEST = 100;

/**
 * Which members of a body keep their source text: the body's shape with `raw` in their place. The one item of a list stands
 * for all: `{ events: [{ instance: { data: 'raw' } }] }`.
 */
export type RawShape = 'raw' | { readonly [member: string]: RawShape } | readonly [RawShape];

/** The source texts of the raw members, by their path. */
export type RawTexts = ReadonlyMap<string, string>;

/** @param path member names and list indices, e.g. `['events', 0, 'instance', 'data']` */
export const pathKey = (path: readonly (string | number)[]): string => path.join('\n');

const QUOTE = 34;
const PLUS = 43;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * One pass over a text that JSON.parse has accepted, for what JSON.parse cannot tell: source texts, depth, and what it
 * would change silently: duplicate keys, numbers that a double cannot hold. Only depth matters inside raw members.
 * Throws `JsonFault`.
 */
export function skimJson(text: string, shape: RawShape | undefined): RawTexts {
  const raws = new Map<string, string>();
  let at = 0;

  function value(depth: number, shape: RawShape | undefined, path: string, exempt: boolean): void {
    skipBlank();
    const start = at;
    const inside = exempt || shape === 'raw';
    switch (text.charCodeAt(at)) {
      case OPEN_OBJECT:
        members(depth + 1, shape, path, inside);
        break;
      case OPEN_LIST:
        items(depth + 1, shape, path, inside);
        break;
      case QUOTE:
        skipString();
        break;
      default:
        scalar(inside);
    }
    if (shape === 'raw') raws.set(path, text.slice(start, at));
  }

  function members(depth: number, shape: RawShape | undefined, path: string, exempt: boolean): void {
    enter(depth);
    const names = exempt ? undefined : new Set<string>();
    const shapes = typeof shape === 'object' && !isListShape(shape) ? shape : undefined;
    while (text.charCodeAt(at) !== CLOSE_OBJECT) {
      const start = at;
      skipString();
      let name = '';
      if (names) {
        name = memberName(start);
        // As a name it would become the prototype of whatever the object is merged into.
        if (name === '__proto__') throw new JsonFault('Refused key "__proto__"', text, start);
        if (names.has(name)) throw new JsonFault(`Duplicate key ${JSON.stringify(name)}`, text, start);
        names.add(name);
      }
      skipBlank();
      at += 1; // the colon
      const inner = shapes && Object.hasOwn(shapes, name) ? shapes[name] : undefined;
      value(depth, inner, inner ? join(path, name) : '', exempt);
      skipSeparator();
    }
    at += 1;
  }

  function items(depth: number, shape: RawShape | undefined, path: string, exempt: boolean): void {
    enter(depth);
    const inner = typeof shape === 'object' && isListShape(shape) ? shape[0] : undefined;
    for (let index = 0; text.charCodeAt(at) !== CLOSE_LIST; index += 1) {
      value(depth, inner, inner ? join(path, String(index)) : '', exempt);
      skipSeparator();
    }
    at += 1;
  }

  function enter(depth: number): void {
    if (depth > DEEPEST) throw new JsonFault(`Nesting deeper than ${DEEPEST} levels`, text, at);
    at += 1;
    skipBlank();
  }

  function memberName(start: number): string {
    const name = text.slice(start + 1, at - 1);
    return name.includes('\\') ? (JSON.parse(text.slice(start, at)) as string) : name;
  }

  function scalar(exempt: boolean): void {
    const start = at;
    for (let code = text.charCodeAt(at); isScalarPart(code); code = text.charCodeAt(at)) at += 1;
    // Four characters are always exact: the shortest that overflows is 1e309.
    if (!exempt && at - start > 4 && !isExact(text.slice(start, at)))
      throw new JsonFault('Number out of range', text, start);
  }

  function skipString(): void {
    for (;;) {
      at = text.indexOf('"', at + 1);
      let backslashes = 0;
      while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
      if (backslashes % 2 === 0) break;
    }
    at += 1;
  }

  function skipSeparator(): void {
    skipBlank();
    if (text.charCodeAt(at) !== COMMA) return;
    at += 1;
    skipBlank();
  }

  function skipBlank(): void {
    while (text.charCodeAt(at) <= 32) at += 1;
  }

  value(0, shape, '', false);
  return raws;
}

/** Of a number or literal: in a valid text that is all but blanks and delimiters; NaN, past the end, is neither. */
const isScalarPart = (code: number) =>
  (code > COMMA && code !== CLOSE_LIST && code !== CLOSE_OBJECT) || code === PLUS;

const join = (path: string, name: string) => (path === '' ? name : `${path}\n${name}`);

const isListShape = (shape: object): shape is readonly [RawShape] => Array.isArray(shape);

function isExact(literal: string): boolean {
  if (!/\d$/.test(literal)) return true;
  const number = Number(literal);
  return /[.eE]/.test(literal) ? Number.isFinite(number) : Number.isSafeInteger(number);
}
