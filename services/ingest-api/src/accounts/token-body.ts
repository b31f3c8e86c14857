import type { Role } from '@oms-webhooks/db';
import { booleanField, charField, documented, listField, objectField, refuse } from '@oms-webhooks/http';
import type Joi from 'joi';
import type { NewToken } from './token-store.ts';

const roles = listField(
  objectField({
    name: charField({ max: 124 }),
    permissions: listField(charField({ max: 124 }), { max: 1000 }),
  }),
  { required: false, max: 100 },
);

const app = documented(charField({ max: 124, required: false, nullable: true }), { pattern: '^app:' }).custom(
  (text: string, check) => (text.startsWith('app:') ? text : refuse(check, 'Must be an app id, "app:…".')),
);

/** What a superuser says of a new token. */
export const newToken = objectField({
  account: charField({ max: 124 }),
  superuser: booleanField({ required: false }),
  roles,
  app,
}) as Joi.ObjectSchema<NewToken>;

/** What may be changed of a token. */
export const changedToken = objectField({ roles: roles.required() }) as Joi.ObjectSchema<{ roles: Role[] }>;
