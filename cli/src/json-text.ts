import { readFileSync } from 'node:fs';
import { EXIT, Failure } from './failure.ts';

/** An object as its source text, so that nothing of it changes: given as JSON, as `@file`, or as `-` for stdin. */
export function objectText(given: string, what: string): string {
  const text = given === '-' ? read(0, what) : given.startsWith('@') ? read(given.slice(1), what) : given;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return text.trim();
  } catch (error) {
    throw new Failure(`${what} is not JSON: ${(error as Error).message}`, EXIT.usage);
  }
  throw new Failure(`${what} must be a JSON object.`, EXIT.usage);
}

function read(file: string | number, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Failure(`${what} cannot be read: ${(error as Error).message}`, EXIT.usage);
  }
}
