import { compileEventSchema, isEventTypeName, type DataCheck, type JsonObject } from '@oms-webhooks/domain';
import { asObject } from './as-object.ts';
import { Fault } from './setting.ts';

/** An event type that the settings add to the catalogue. */
export interface ConfiguredEventType {
  description: string;
  /** JSON Schema of the payload; null: any payload. */
  schema: JsonObject | null;
  example: unknown;
}

/** By name. */
export type ConfiguredEventTypes = Readonly<Record<string, ConfiguredEventType>>;

export const noEventTypes: ConfiguredEventTypes = {};

/** Checks `{"order.returned": "…"}` or `{"order.returned": {"description": "…", "schema": {…}, "example": {…}}}`. */
export function toEventTypes(value: unknown): ConfiguredEventTypes {
  const types = Object.entries(asObject(value, 'must be an object: event type → description'));
  return Object.fromEntries(types.map(([name, given]) => [name, toEventType(name, given)]));
}

function toEventType(name: string, given: unknown): ConfiguredEventType {
  if (!isEventTypeName(name))
    throw new Fault(`has the event type "${name}", which is not up to 124 letters, digits, dots, _ and -`);
  if (typeof given === 'string') return { description: given, schema: null, example: null };
  const type = asObject(given, `has neither a description nor {description, schema, example} for "${name}"`);
  const { description, example = null } = type;
  if (typeof description !== 'string') throw new Fault(`has no description of "${name}"`);
  if (type.schema === undefined || type.schema === null) return { description, schema: null, example };
  const schema = asObject(type.schema, `has a schema of "${name}" that is not an object`);
  const check = checkOf(name, schema);
  const fault = example === null ? undefined : check(example);
  if (fault !== undefined) throw new Fault(`has an example of "${name}" that breaks its schema: ${fault}`);
  return { description, schema, example };
}

function checkOf(name: string, schema: JsonObject): DataCheck {
  try {
    return compileEventSchema(schema);
  } catch (error) {
    throw new Fault(`has a schema of "${name}" that cannot be used: it ${(error as Error).message}`);
  }
}
