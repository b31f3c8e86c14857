/** Characters of JSON; a longer body is not repeated to whoever has just sent it. */
const LONGEST = 16 * 1024;
/** A key under a misspelt name is a key all the same. */
const SECRET = /ignatur|key$|secret|password|token|authorization|credential/i;
/** All that is shown of a `webhook`: what stands beside it may be its key under any name at all. */
const OPEN_IN_WEBHOOK = 'url';
/** User name and password within a URL. */
const USER_INFO = /\/\/[^/\s]*@/g;
const MASK = '***';

/** A request's body as an answer may repeat it: without secrets. Null when there is none, it was not read, or it is long. */
export function shownBody(body: unknown): unknown {
  if (body === undefined) return null;
  const shown = masked(body);
  return JSON.stringify(shown).length > LONGEST ? null : shown;
}

/** @param within the name of the member that this is the value of */
function masked(value: unknown, within?: string): unknown {
  if (typeof value === 'string') return value.replace(USER_INFO, `//${MASK}@`);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((inner) => masked(inner));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const secret = SECRET.test(name) || (within === 'webhook' && name !== OPEN_IN_WEBHOOK);
      return [name, secret && inner !== null ? MASK : masked(inner, name)];
    }),
  );
}
