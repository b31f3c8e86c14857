import { isUtf8 } from 'node:buffer';
import { malformed } from './api-error.ts';
import { JsonFault } from './json-fault.ts';
import { locateJsonFault } from './locate-json-fault.ts';
import { pathKey, skimJson, type RawShape } from './skim-json.ts';

/** A body: its value, and the exact source text of the members that were asked for. */
export interface JsonDocument {
  readonly value: unknown;
  /**
   * The source text of a member of the shape given to `parseJson`, so that `1.10`, numbers past 2^53, key order and
   * duplicate keys survive; undefined when the body does not have it.
   */
  raw(path: readonly (string | number)[]): string | undefined;
}

/**
 * Reads JSON strictly: what would change silently (duplicate keys, numbers that a double cannot hold) and nesting deeper than
 * 100 is refused with 400, except that raw members may hold any numbers and duplicates.
 */
export function parseJson(bytes: Buffer, shape?: RawShape): JsonDocument {
  if (!isUtf8(bytes)) throw parseError('The body is not valid UTF-8.');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw parseError(locateJsonFault(text)?.message ?? 'Not JSON.');
  }
  try {
    const raws = skimJson(text, shape);
    return { value, raw: (path) => raws.get(pathKey(path)) };
  } catch (error) {
    if (error instanceof JsonFault) throw parseError(error.message);
    throw error;
  }
}

const parseError = (message: string) => malformed(`JSON parse error - ${message}`);
