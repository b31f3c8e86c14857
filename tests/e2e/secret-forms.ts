import { randomBytes } from 'node:crypto';

/** A secret that occurs nowhere by chance. */
export const newSecret = (name: string): string => `${name}-${randomBytes(9).toString('hex')}`;

/** A secret in every form in which it could have been written down. */
function formsOf(text: string): string[] {
  const bytes = Buffer.from(text);
  // Within a longer base64 text it begins at any of three bits, and its ends belong to its neighbours as well.
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .slice(4, -4),
  );
  return [text, encodeURIComponent(text), bytes.toString('hex'), ...base64];
}

/** The names of the secrets that are in a text, in whatever form. */
export function secretsIn(text: string, secrets: Record<string, string>): string[] {
  return Object.entries(secrets)
    .filter(([, value]) => formsOf(value).some((form) => text.includes(form)))
    .map(([name]) => name);
}
