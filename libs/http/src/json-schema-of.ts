import type Joi from 'joi';
import type { JsonSchema } from './field-types.ts';

/**
 * The JSON Schema of what a field takes: joi's own, with what `documented` adds. Objects are open, because unknown members
 * are ignored. Coercions (`"5"` for 5) are not in it: a client has no need of them.
 */
export function jsonSchemaOf(schema: Joi.Schema): JsonSchema {
  const converted = schema['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  const open = (key: string, value: unknown) =>
    key === 'additionalProperties' && value === false ? undefined : value;
  return JSON.parse(JSON.stringify(converted), open) as JsonSchema;
}
