import { conflict, validationFailed, type ApiRequest } from '@oms-webhooks/http';
import type { Parameter } from '../openapi/call-doc.ts';
import { IdempotencyConflict } from './publication.ts';

export const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

export const TRACEPARENT_PARAMETER: Parameter = {
  name: 'traceparent',
  in: 'header',
  description: 'The trace that this is part of; what is none is left out.',
  schema: { type: 'string' },
};
export const IDEMPOTENCY_KEY_PARAMETER: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  description: 'The same key and content within 24 hours is one event; other content is 409.',
  schema: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
};

export const NOT_A_KEY = 'Must be 1 to 255 printable ASCII characters without spaces.';
export const isIdempotencyKey = (key: unknown): key is string =>
  typeof key === 'string' && IDEMPOTENCY_KEY.test(key);

/** The `Idempotency-Key` of a request. Throws 400 for one that is none. */
export function idempotencyKeyOf({ headers }: Pick<ApiRequest, 'headers'>): string | null {
  const key = headers['idempotency-key'];
  if (key === undefined) return null;
  if (!isIdempotencyKey(key)) throw validationFailed({ 'Idempotency-Key': [NOT_A_KEY] });
  return key;
}

/** For a catch: a key that was used for something else is 409, any other error goes on. */
export function answerConflict(error: unknown): never {
  if (!(error instanceof IdempotencyConflict)) throw error;
  throw conflict('This Idempotency-Key was used for another request within the last 24 hours.');
}
