import {
  booleanField,
  charField,
  choiceField,
  documented,
  integerField,
  jsonSchemaOf,
  numberField,
  objectField,
  storable,
} from '@oms-webhooks/http';
import { inHeader } from './headers-field.ts';
import { targetUrlField } from './target-url-field.ts';

/** Passwords may begin and end with blanks. */
const credential = charField({ max: 1024, trim: false });
const word = charField({ max: 255, required: false });

const auths = {
  basic: objectField({ username: credential, password: credential.allow('') }),
  bearer: objectField({ token: inHeader(credential) }),
  token: objectField({
    url: targetUrlField,
    username: credential,
    password: credential.allow(''),
    username_field: word,
    password_field: word,
    token_key: word,
    header_format: inHeader(word),
  }),
};

const authField = objectField(
  { auth_type: choiceField(Object.keys(auths)) },
  { required: false, nullable: true },
).when('.auth_type', {
  switch: Object.entries(auths).map(([is, then]) => ({ is, then })),
});

const authSchema = {
  oneOf: [
    ...Object.entries(auths).map(([choice, fields]) =>
      jsonSchemaOf(fields.append({ auth_type: choiceField([choice]) })),
    ),
    { type: 'null' },
  ],
};

const settings = {
  max_attempts: integerField({ min: 1, max: 1000, required: false }),
  recovery_attempts: integerField({ min: 0, max: 1000, required: false }),
  max_exhausted: integerField({ min: 1, max: 1_000_000, required: false }),
  recover_hours: integerField({ min: 0, max: 8760, required: false }),
  rate_limit: numberField({ min: 0.001, required: false }),
  ordered: booleanField({ required: false }),
  on_exhausted: choiceField(['skip', 'block'], { required: false }),
};

/** `config`: our settings are checked, other members are kept as they are. */
export const configField = documented(
  objectField({ auth: authField.unknown(), ...settings }, { required: false }),
  {
    additionalProperties: true,
    properties: { auth: authSchema, ...(jsonSchemaOf(objectField(settings)).properties as object) },
  },
)
  .unknown()
  .custom(storable);
