import { charField, documented, objectField, refuse } from '@oms-webhooks/http';
import type Joi from 'joi';

const TOKEN = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/;
/** What a header's value may hold (RFC 9110): no line breaks, through which headers could be smuggled in. */
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

const asHeaderValue: Joi.CustomValidator<string> = (text, check) =>
  VALUE.test(text)
    ? text
    : refuse(check, 'Line breaks, control characters and characters outside Latin-1 are not allowed.');

/** The same text field, of what can be a header's value or a part of it. */
export const inHeader = (field: Joi.Schema): Joi.Schema =>
  documented(field, { pattern: VALUE.source }).custom(asHeaderValue);

/** Bytes of all names and values; servers commonly refuse more than 8 to 32 KiB of headers. */
const LARGEST = 16 * 1024;
/** By these a receiver verifies a request: another value would make every one a forgery. */
const SIGNATURES = new Set(['webhook-id', 'webhook-timestamp', 'webhook-signature', 'x-whisperer-signature']);

// Of the whole object, since rules of a value are not asked about a blank one.
const withHeaderNames: Joi.CustomValidator<object> = (headers, check) => {
  const names = Object.keys(headers);
  const wrong = names.find((name) => !TOKEN.test(name));
  if (wrong !== undefined) return refuse(check, `${JSON.stringify(wrong)} is not a valid header name.`);
  const signature = names.find((name) => SIGNATURES.has(name.toLowerCase()));
  if (signature !== undefined)
    return refuse(check, `${signature} is a part of the signature and cannot be replaced.`);
  return headers;
};

const notTooLarge: Joi.CustomValidator<Record<string, string>> = (headers, check) =>
  Object.entries(headers).flat().join('').length > LARGEST
    ? refuse(check, `Ensure the headers have no more than ${LARGEST} bytes in all.`)
    : headers;

/** `additional_headers`: texts by header name, or null for none. */
export const headersField = documented(
  objectField({}, { required: false, nullable: true }).pattern(
    /^/,
    inHeader(charField({ blank: true, trim: false })),
  ),
  {
    patternProperties: undefined,
    propertyNames: { pattern: TOKEN.source },
    additionalProperties: { type: 'string', pattern: VALUE.source },
  },
)
  .custom(withHeaderNames)
  .custom(notTooLarge);
