import { compileEventSchema, isEventTypeName, SchemaFault, type JsonObject } from '@oms-webhooks/domain';
import { charField, dictField, documented, objectField, refuse, storable } from '@oms-webhooks/http';
import type Joi from 'joi';
import type { EventTypeBody } from './event-type-store.ts';

const changeable = {
  description: charField({ max: 2000, blank: true }),
  schema: dictField({ required: false, nullable: true }).custom(storable).custom(usableSchema),
  example: dictField({ required: false, nullable: true }).custom(storable),
};
/** What a superuser says of a new event type. */
export const newType = objectField({
  name: documented(charField({ max: 124 }), { pattern: '^[A-Za-z0-9][A-Za-z0-9._-]*$' }).custom(
    (name: string, check) =>
      isEventTypeName(name) ? name : refuse(check, 'Only letters, digits, dots, underscores and dashes.'),
  ),
  ...changeable,
}) as Joi.ObjectSchema<EventTypeBody>;
/** What may be changed of one. */
export const changedType = objectField({
  ...changeable,
  description: changeable.description.optional(),
}) as Joi.ObjectSchema<Omit<Partial<EventTypeBody>, 'name'>>;

function usableSchema(schema: unknown, check: Joi.CustomHelpers): unknown {
  try {
    // Not an object: the field has been refused for that already.
    if (typeof schema === 'object' && schema !== null) compileEventSchema(schema as JsonObject);
    return schema;
  } catch (error) {
    if (error instanceof SchemaFault) return refuse(check, `The schema ${error.message}.`);
    throw error;
  }
}
