import type Joi from 'joi';
import { refuse } from './refusals.ts';

/** Why PostgreSQL would refuse a text, sooner or later; undefined when it would not. */
function faultOfText(text: string): string | undefined {
  if (text.includes('\0')) return 'Null characters are not allowed.';
  const [lone] = /\p{Surrogate}/u.exec(text) ?? [];
  if (lone === undefined) return undefined;
  return `Surrogate characters are not allowed: U+${lone.charCodeAt(0).toString(16).toUpperCase()}.`;
}

/** The first fault of a JSON value's texts, keys and values at any depth. */
function faultOfJson(value: unknown): string | undefined {
  if (typeof value === 'string') return faultOfText(value);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    const fault = faultOfText(key) ?? faultOfJson(member);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/**
 * Refuses NUL and lone surrogates anywhere in a value that is kept as JSON. A `json` column takes their escapes, and every
 * query that later reads the member as text fails.
 */
export const storable: Joi.CustomValidator<unknown> = (value, check) => {
  const fault = faultOfJson(value);
  return fault === undefined ? value : refuse(check, fault);
};
