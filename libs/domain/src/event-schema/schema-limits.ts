/** What is wrong with a JSON Schema, in words. */
export class SchemaFault extends Error {
  override name = 'SchemaFault';
}

export type JsonObject = Readonly<Record<string, unknown>>;

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';
const LONGEST = 64 * 1024;
const DEEPEST = 32;
/** Subschemas, each as often as it is referred to: with as much of the data each may have to be gone through. */
const LARGEST = 1000;
/** Items that must differ are compared each with each. */
const MOST_UNIQUE = 1000;

const ONE = new Set(
  'additionalProperties items contains propertyNames not if then else unevaluatedItems unevaluatedProperties'.split(
    ' ',
  ),
);
const LIST = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems']);
const MAP = new Set(['properties', 'patternProperties', 'dependentSchemas', '$defs']);
/** They name schemas elsewhere, or make references that only the data resolves. */
const REFUSED = new Set(['$id', '$anchor', '$dynamicRef', '$dynamicAnchor', '$vocabulary', '$recursiveRef']);

/**
 * Keeps a schema within bounds in which no data can make its check long: not too large with all that it refers to, not
 * recursive, no references to elsewhere. Whether it is a schema at all is for the compiler to say.
 * @throws SchemaFault
 */
export function requireBoundedSchema(root: JsonObject): void {
  const length = JSON.stringify(root).length;
  if (length > LONGEST) throw new SchemaFault(`has ${length} characters, more than ${LONGEST}`);
  if (root.$schema !== undefined && root.$schema !== DRAFT)
    throw new SchemaFault(`has another $schema than ${DRAFT}`);
  const sizes = new Map<JsonObject, number>();
  const size = sizeOf(root, '#', 0);
  if (size > LARGEST)
    throw new SchemaFault(`has ${size} subschemas with those referred to, more than ${LARGEST}`);

  function sizeOf(schema: unknown, path: string, depth: number): number {
    if (!isObject(schema)) return 1;
    if (depth > DEEPEST)
      throw new SchemaFault(`is deeper than ${DEEPEST} subschemas, or refers to itself, at ${path}`);
    const known = sizes.get(schema);
    if (known !== undefined) return known;
    let size = 1;
    for (const [keyword, value] of Object.entries(schema)) {
      if (REFUSED.has(keyword)) throw new SchemaFault(`has ${keyword} at ${path}, which is not taken`);
      if (keyword === '$schema' && schema !== root) throw new SchemaFault(`has $schema at ${path}`);
      for (const [name, inner] of innerSchemas(keyword, value)) {
        size += sizeOf(inner, `${path}/${keyword}${name}`, depth + 1);
      }
      if (keyword === '$ref') size += sizeOf(referred(root, value, path), `${path}/$ref`, depth + 1);
    }
    if (schema.uniqueItems === true && !(Number(schema.maxItems) <= MOST_UNIQUE))
      throw new SchemaFault(`needs maxItems, ${MOST_UNIQUE} at most, beside uniqueItems at ${path}`);
    sizes.set(schema, size);
    return size;
  }
}

function innerSchemas(keyword: string, value: unknown): [path: string, schema: unknown][] {
  if (ONE.has(keyword)) return [['', value]];
  if (LIST.has(keyword) && Array.isArray(value)) return value.map((inner, n) => [`/${n}`, inner]);
  if (MAP.has(keyword) && isObject(value))
    return Object.entries(value).map(([name, inner]) => [`/${name}`, inner]);
  return [];
}

function referred(root: JsonObject, ref: unknown, path: string): unknown {
  const fault = new SchemaFault(`has a $ref at ${path} that is none within the schema, like "#/$defs/item"`);
  if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) throw fault;
  let found: unknown = root;
  for (const part of ref.split('/').slice(1)) {
    let name: string;
    try {
      name = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    } catch {
      throw fault;
    }
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) throw fault;
    found = (found as Record<string, unknown>)[name];
  }
  return found;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
