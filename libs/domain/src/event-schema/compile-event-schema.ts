import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { BoundedPattern } from './bounded-pattern.ts';
import { requireBoundedSchema, SchemaFault, type JsonObject } from './schema-limits.ts';

/** What is wrong with the data, with the JSON pointer to it; undefined when nothing is. */
export type DataCheck = (data: unknown) => string | undefined;

const FORMATS = [
  'date',
  'time',
  'date-time',
  'duration',
  'uri',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uuid',
] as const;
const LONGEST_MESSAGE = 500;

let compiler: Ajv2020 | undefined;

/** Only the first error is looked for: to go on would cost as much again for each. */
function makeCompiler(): Ajv2020 {
  const ajv = new Ajv2020({
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    ownProperties: true,
    multipleOfPrecision: 9,
    logger: false,
    code: { regExp: Object.assign((...of: [string, string]) => new BoundedPattern(...of), { code: '' }) },
  });
  ajvFormats.default(ajv, { mode: 'fast', formats: [...FORMATS] });
  return ajv;
}

/**
 * Makes a check of a JSON Schema (draft 2020-12). Unknown keywords and formats, references to elsewhere, recursion and
 * patterns that could take long are refused, so that no data can make the check long.
 * @throws SchemaFault
 */
export function compileEventSchema(schema: JsonObject): DataCheck {
  requireBoundedSchema(schema);
  compiler ??= makeCompiler();
  try {
    const validate = compiler.compile(schema);
    return (data) => (validate(data) ? undefined : messageOf(validate.errors?.[0]));
  } catch (error) {
    throw new SchemaFault((error as Error).message);
  } finally {
    // Compiled functions are the caller's to keep; the compiler would remember every schema that it has seen.
    compiler.removeSchema(schema);
  }
}

function messageOf(error: ErrorObject | undefined): string {
  const { instancePath = '', message = 'is not valid', params = {} } = error ?? {};
  const named = (params.additionalProperty ?? params.unevaluatedProperty) as string | undefined;
  const allowed = params.allowedValues as unknown[] | undefined;
  const more = named !== undefined ? `: "${named}"` : allowed ? `: ${JSON.stringify(allowed)}` : '';
  return `${instancePath === '' ? '' : `${instancePath}: `}${message}${more}`.slice(0, LONGEST_MESSAGE);
}
