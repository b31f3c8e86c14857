import type Joi from 'joi';

/** Codes of errors that carry their own message. */
export const OF_FIELD = 'own.field';
export const OF_WHOLE = 'own.whole';

/** In a custom rule: the field is refused with this message. */
export const refuse = (check: Joi.CustomHelpers, message: string): Joi.ErrorReport =>
  check.error(OF_FIELD, { message });

/** In a custom rule of an object: what its fields say together is refused, under `non_field_errors`. */
export const refuseWhole = (check: Joi.CustomHelpers, message: string): Joi.ErrorReport =>
  check.error(OF_WHOLE, { message });
