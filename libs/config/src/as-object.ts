import { Fault } from './setting.ts';

/** The value as an object. Throws `Fault` with the words given when it is none. */
export function asObject(value: unknown, fault: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault(fault);
  return value as Record<string, unknown>;
}
