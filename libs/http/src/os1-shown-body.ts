/** Characters of JSON; a longer body is not repeated to whoever has just sent it. */
const LONGEST = 16 * 1024;
/** A key under a misspelt name is a key all the same. */
const SECRET = /ignatur|key$|secret|password|token|authorization|credential/i;
/** User name and password within a URL. */
const USER_INFO = /\/\/[^/\s]*@/g;
const MASK = '***';

/** A request's body as an answer may repeat it: without secrets. Null when there is none, it was not read, or it is long. */
export function shownBody(body: unknown): unknown {
  if (body === undefined) return null;
  const shown = masked(body);
  return JSON.stringify(shown).length > LONGEST ? null : shown;
}

function masked(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(USER_INFO, `//${MASK}@`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(masked);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && inner !== null ? MASK : masked(inner),
    ]),
  );
}
