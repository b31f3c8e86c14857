/**
 * What a dotted path leads to; undefined where it leads nowhere. Own members only: what JavaScript's objects have from
 * their prototypes is no part of a message.
 */
function find(path: unknown, data: unknown): unknown {
  if (path === null || path === undefined || path === '') return data;
  if (typeof path === 'object') throw new TypeError('a list or an object is no path');
  let found = data;
  for (const member of `${path as string | number}`.split('.')) {
    if (found === null || found === undefined || !Object.hasOwn(found, member)) return undefined;
    found = (found as Record<string, unknown>)[member];
  }
  return found;
}

export function reference([path, otherwise]: unknown[], data: unknown): unknown {
  const found = find(path, data);
  return found === undefined ? (otherwise ?? null) : found;
}

/** Which of the paths lead to nothing, null or an empty text. */
export function missing(operands: unknown[], data: unknown): unknown[] {
  const paths: unknown[] = Array.isArray(operands[0]) ? operands[0] : operands;
  return paths.filter((path) => [undefined, null, ''].includes(find(path, data) as null));
}

/** None, where at least so many of the paths lead somewhere. */
export function missingSome([needed, paths]: unknown[], data: unknown): unknown[] {
  if (!Array.isArray(paths)) throw new TypeError('missing_some needs a number and a list of paths');
  const without = missing([paths], data);
  return paths.length - without.length >= Number(needed) ? [] : without;
}
