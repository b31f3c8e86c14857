const secretName =
  /secret|token|password|passwd|authorization|cookie|signature|credential|api[-_]?key|database_url/i;
const deepest = 4;

/**
 * Adds the fields to a line, where their names are still free: whatever is named like a secret is `[hidden]`, and errors are
 * plain objects. A second line of defence: callers do not log secrets in the first place.
 */
export function addFields(line: Record<string, unknown>, fields: Record<string, unknown>): void {
  for (const name in fields) if (!(name in line)) line[name] = shown(name, fields[name], 1);
}

/** Names of fields are few, and a pattern costs more than a look-up. */
const verdicts = new Map<string, boolean>();
const MOST_VERDICTS = 1_000;

function isSecret(name: string): boolean {
  let verdict = verdicts.get(name);
  if (verdict === undefined) {
    verdict = secretName.test(name);
    if (verdicts.size < MOST_VERDICTS) verdicts.set(name, verdict);
  }
  return verdict;
}

function shown(name: string, value: unknown, depth: number): unknown {
  if (typeof value === 'number' || value === undefined) return value;
  if (isSecret(name) && (typeof value === 'string' || typeof value === 'object') && value !== null) {
    // `set` and `unset` are how settings are shown.
    return value === 'set' || value === 'unset' ? value : '[hidden]';
  }
  if (value instanceof Error) return errorFields(value);
  if (Array.isArray(value)) return depth < deepest ? value.map((item) => shown('', item, depth + 1)) : '[…]';
  if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    if (depth >= deepest) return '{…}';
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, shown(key, inner, depth + 1)]),
    );
  }
  return value;
}

function errorFields(error: Error): Record<string, unknown> {
  const { code } = error as { code?: unknown };
  return {
    message: error.message,
    ...(code === undefined ? {} : { code }),
    ...(error.cause instanceof Error ? { cause: error.cause.message } : {}),
    stack: error.stack,
  };
}
