import { JsonFault } from './json-fault.ts';
import { DEEPEST } from './skim-json.ts';

/*
 * Finds the first fault in a text that JSON.parse refused, with the messages and positions of Python 3.11's json module,
 * which Django REST framework shows to callers. Runs on failure only.
 */

const BLANK = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;
const NOT_JSON = /NaN|-?Infinity/y;
const WORD = /true|false|null/y;
const CHARACTERS = /[^"\\\u0000-\u001f]*/y; // eslint-disable-line no-control-regex

/** The fault in a text that is not JSON; undefined when this reader finds none. */
export function locateJsonFault(text: string): JsonFault | Error | undefined {
  if (text.startsWith('\ufeff'))
    return new JsonFault('Unexpected UTF-8 BOM (decode using utf-8-sig)', text, 0);
  let at = 0;

  const fault = (message: string, index = at) => new JsonFault(message, text, index);
  const passes = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) at = pattern.lastIndex;
    return match !== null;
  };
  const next = (char: string) => {
    if (text[at] !== char) return false;
    at += 1;
    return true;
  };

  function value(depth: number): void {
    if (depth > DEEPEST) throw fault(`Nesting deeper than ${DEEPEST} levels`);
    if (next('{')) members(depth);
    else if (next('[')) items(depth);
    else if (next('"')) string();
    else if (passes(WORD) || passes(NUMBER)) return;
    else {
      const start = at;
      if (!passes(NOT_JSON)) throw fault('Expecting value');
      throw new Error(`Out of range float values are not JSON compliant: '${text.slice(start, at)}'`);
    }
  }

  function members(depth: number): void {
    passes(BLANK);
    if (next('}')) return;
    for (;;) {
      if (!next('"')) throw fault('Expecting property name enclosed in double quotes');
      string();
      passes(BLANK);
      if (!next(':')) throw fault("Expecting ':' delimiter");
      passes(BLANK);
      value(depth + 1);
      passes(BLANK);
      if (next('}')) return;
      if (!next(',')) throw fault("Expecting ',' delimiter");
      passes(BLANK);
    }
  }

  function items(depth: number): void {
    passes(BLANK);
    if (next(']')) return;
    for (;;) {
      value(depth + 1);
      passes(BLANK);
      if (next(']')) return;
      if (!next(',')) throw fault("Expecting ',' delimiter");
      passes(BLANK);
    }
  }

  function string(): void {
    const opening = at - 1;
    for (;;) {
      passes(CHARACTERS);
      if (next('"')) return;
      if (at >= text.length) throw fault('Unterminated string starting at', opening);
      if (!next('\\')) throw fault('Invalid control character at');
      if (at >= text.length) throw fault('Unterminated string starting at', opening);
      if (next('u')) {
        // Python looks for one character more than the four digits.
        if (at + 4 >= text.length || !/^[0-9a-fA-F]{4}$/.test(text.slice(at, at + 4)))
          throw fault('Invalid \\uXXXX escape', at - 1);
        at += 4;
      } else if ('"\\/bfnrt'.includes(text.charAt(at))) at += 1;
      else throw fault('Invalid \\escape', at - 1);
    }
  }

  try {
    passes(BLANK);
    value(0);
    passes(BLANK);
    return at === text.length ? undefined : fault('Extra data');
  } catch (found) {
    return found as Error;
  }
}
