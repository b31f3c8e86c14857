import { METHODS } from '@oms-webhooks/http';
import { isOs1 } from '../publisher-registry/operations.ts';
import type { Answer, Body, CallDoc, PathDoc } from './call-doc.ts';
import { familyAnswersOf } from './family-answers.ts';

/** A row of a URL table as OpenAPI writes it. */
export function pathItem(path: string, { parameters, ...calls }: PathDoc): object {
  const operations = METHODS.flatMap((method) => {
    const call = calls[method];
    return call ? [[method.toLowerCase(), operation(path, call)] as const] : [];
  });
  return { ...(parameters && { parameters }), ...Object.fromEntries(operations) };
}

function operation(path: string, call: CallDoc): object {
  const { id, tag, summary, description, parameters, body } = call;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security: securityOf(path, call),
    ...(parameters && { parameters }),
    ...(body && { requestBody: requestBody(body) }),
    responses: responses(path, call),
  };
}

function securityOf(path: string, { tag }: CallDoc): object[] {
  if (tag === 'Service') return [];
  return isOs1(path) ? [{ coreosAccess: [] }, { token: [] }] : [{ token: [] }];
}

function responses(path: string, call: CallDoc): object {
  const family = Object.entries(familyAnswersOf(path, call)).map(
    ([status, name]) => [status, { $ref: `#/components/responses/${name}` }] as const,
  );
  const own = Object.entries(call.answers).map(
    ([status, one]) => [status, response(one, isOs1(path))] as const,
  );
  return Object.fromEntries([...own, ...family]);
}

const isBody = (body: NonNullable<CallDoc['body']>): body is Body => 'schema' in body && 'example' in body;

function requestBody(body: NonNullable<CallDoc['body']>): object {
  if (!isBody(body)) return { required: true, content: body };
  const { optional = false, ...content } = body;
  return { required: !optional, content: { 'application/json': content } };
}

/** @param ofOs1 whether it is of that family */
export function response(
  { description, schema, example, headers, mediaType, links = {} }: Answer,
  ofOs1: boolean,
): object {
  const always = ['X-Request-Id', ...(ofOs1 ? ['X-COREOS-REQUEST-ID'] : [])];
  const refs = always.map((name) => [name, { $ref: `#/components/headers/${name}` }] as const);
  const content = schema && {
    [mediaType ?? 'application/json']: { schema, ...(example !== undefined && { example }) },
  };
  const next = Object.entries(links).map(([id, link]) => [id, { operationId: id, ...link }] as const);
  return {
    description,
    headers: { ...Object.fromEntries(refs), ...headers },
    ...(content && { content }),
    ...(next.length > 0 && { links: Object.fromEntries(next) }),
  };
}
