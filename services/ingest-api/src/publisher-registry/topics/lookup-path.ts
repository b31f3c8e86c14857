type Fields = Record<string, unknown>;

/** A path at the OMS API, or the parameter that the message has no usable value for. */
export type FilledPath = { path: string } | { missing: string };

/**
 * `/users/{userid}` with the parameters from the message: from its own fields, else from its body, whatever the case
 * (`userId`, `user_id`). A value cannot lead out of its place in the path.
 */
export function fillPath(template: string, sources: readonly Fields[]): FilledPath {
  let missing: string | undefined;
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = valueOf(name, sources);
    if (value === undefined) missing ??= name;
    return encodeURIComponent(value ?? '');
  });
  return missing === undefined ? { path } : { missing };
}

function valueOf(name: string, sources: readonly Fields[]): string | undefined {
  for (const fields of sources) {
    const members = Object.keys(fields).filter((member) => caseless(member) === caseless(name));
    // The same spelling goes first.
    for (const member of members.sort((a, b) => Number(b === name) - Number(a === name))) {
      const value = usable(fields[member]);
      if (value !== undefined) return value;
    }
  }
  return undefined;
}

const caseless = (name: string) => name.replace(/[_-]/g, '').toLowerCase();

/** Dots would be steps to another resource, which no encoding prevents. */
function usable(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > 255 || /\p{Surrogate}/u.test(text)) return undefined;
  return ['', '.', '..'].includes(text) ? undefined : text;
}
