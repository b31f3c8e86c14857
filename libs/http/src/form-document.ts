import { malformed } from './api-error.ts';
import type { JsonDocument } from './json-document.ts';
import { DEEPEST } from './skim-json.ts';

/** As many as Django takes. */
const MOST_FIELDS = 1000;

type Field = [name: string, text: string];
type Tree = Map<string, string | Tree>;

/** `application/x-www-form-urlencoded`; `instance.pk=1&instance.model=package` becomes nested objects. */
export function parseUrlEncoded(bytes: Buffer): JsonDocument {
  const pairs = bytes
    .toString('latin1')
    .split('&', MOST_FIELDS + 1)
    .filter(Boolean);
  return formDocument(
    pairs.map((pair) => {
      const equals = pair.indexOf('=');
      return equals === -1
        ? [decode(pair), '']
        : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))];
    }),
  );
}

/** `multipart/form-data`; files are left out. */
export async function parseMultipart(bytes: Buffer, contentType: string): Promise<JsonDocument> {
  const form = await new Response(bytes, { headers: { 'content-type': contentType } })
    .formData()
    .catch(() => undefined);
  if (!form) throw malformed('Multipart form parse error - Invalid form data.');
  return formDocument([...form].filter((field): field is Field => typeof field[1] === 'string'));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw malformed('Form parse error - The body is not percent-encoded UTF-8.');
  }
}

function formDocument(fields: Field[]): JsonDocument {
  if (fields.length > MOST_FIELDS) throw malformed(`Form parse error - More than ${MOST_FIELDS} fields.`);
  const tree: Tree = new Map();
  for (const [name, text] of fields) put(tree, name.split('.', DEEPEST + 1), text);
  const value = toObject(tree);
  return { value, raw: (path) => JSON.stringify(memberAt(value, path)) };
}

/** The last of several fields of one name wins, as in Django. */
function put(tree: Tree, path: string[], text: string): void {
  if (path.length > DEEPEST || path.includes('__proto__'))
    throw malformed('Form parse error - Invalid field name.');
  const last = path.pop() ?? '';
  let branch = tree;
  for (const name of path) {
    let next = branch.get(name);
    if (!(next instanceof Map)) branch.set(name, (next = new Map()));
    branch = next;
  }
  branch.set(last, text);
}

function toObject(tree: Tree): Record<string, unknown> {
  return Object.fromEntries(
    [...tree].map(([name, node]) => [name, node instanceof Map ? toObject(node) : node]),
  );
}

function memberAt(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce(
    (parent, name) =>
      typeof parent === 'object' && parent !== null && Object.hasOwn(parent, name)
        ? (parent as Record<string | number, unknown>)[name]
        : undefined,
    value,
  );
}
