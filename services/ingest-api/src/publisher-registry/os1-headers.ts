import type { ApiRequest } from '@oms-webhooks/http';
import type { Request, Response } from 'express';
import type { IncomingHttpHeaders } from 'node:http';
import { refuse } from './refusals.ts';

const PRINTABLE = /^[\x21-\x7e]{1,128}$/;

/** The token of `X-COREOS-ACCESS`, a bare key or one after `Token` or `Bearer`; else of `Authorization`. As `Authorization`. */
export function tokenOf(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const access = headers['x-coreos-access'];
  const given = (typeof access === 'string' && access.trim()) || headers.authorization?.trim();
  if (!given) return {};
  const [first = '', ...rest] = given.split(/\s+/);
  if (/^(token|bearer)$/i.test(first)) return { authorization: ['Token', ...rest].join(' ') };
  // Of `Authorization`, a bare word is a scheme, not a key.
  return access === undefined ? {} : { authorization: `Token ${given}` };
}

/** Answers `X-COREOS-REQUEST-ID`; the log's `X-Request-Id` is the same. One that is not plain text is replaced. */
export function echoRequestId({ headers }: Request, response: Response): void {
  const given = headers['x-coreos-request-id'];
  if (typeof given === 'string' && PRINTABLE.test(given)) response.setHeader('X-Request-Id', given);
  response.setHeader('X-COREOS-REQUEST-ID', response.getHeader('X-Request-Id') ?? '');
}

/** The tenant that a request is for; without the header the one without a name. */
export function tenantOf({ headers }: ApiRequest): string {
  const given = headers['x-coreos-tid'];
  return readTenant(typeof given === 'string' ? given : '', (reason) => refuse('tenant', reason));
}

/** A tenant as `X-COREOS-TID` names it; '' where it says nothing. Throws what `refusal` makes of the reason. */
export function readTenant(given: string, refusal: (reason: string) => Error): string {
  const tenant = given.trim();
  if (tenant === '' || PRINTABLE.test(tenant)) return tenant;
  throw refusal('X-COREOS-TID must be 1 to 128 printable ASCII characters without blanks.');
}
