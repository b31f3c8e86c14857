/** What is read of an OpenAPI document. */
export interface Document {
  paths: Record<string, Record<string, Operation> & { parameters?: Parameter[] }>;
}

interface Operation {
  operationId: string;
  summary: string;
  parameters?: Parameter[];
  requestBody?: { required: boolean; content: Content };
  responses: Record<string, { headers?: Record<string, unknown>; content?: Content }>;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: Schema;
}

type Content = Record<string, { schema: Schema }>;

interface Schema {
  $ref?: string;
  type?: string;
  enum?: string[];
  const?: string;
  anyOf?: Schema[];
}

/** A parameter of a method, and what it is called on the wire. */
interface Argument {
  wire: string;
  python: string;
  type: string;
}

const HEAD = `# Generated from the OpenAPI document by \`npm run generate\`.
"""Every call that is answered with JSON, or with nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from . import models


class Calls:
    def _call(
        self,
        method: str,
        path: str,
        *,
        within: Mapping[str, object] | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str | None] | None = None,
        body: object = None,
        shown: str | None = None,
    ) -> Any:
        """What is answered; with \`shown\` that header of it."""
        raise NotImplementedError
`;

/** The text of `calls.py`: a method for each call, named and typed as the document has it. */
export function callsOf({ paths }: Document): string {
  const methods = Object.entries(paths).flatMap(([path, { parameters = [], ...operations }]) =>
    Object.entries(operations)
      .filter(([, operation]) => isForPrograms(operation))
      .map(([method, operation]) =>
        methodOf(method.toUpperCase(), path, {
          ...operation,
          parameters: [...parameters, ...(operation.parameters ?? [])],
        }),
      ),
  );
  return [HEAD, ...methods].join('\n');
}

/** Pages, metrics and streams are read otherwise. */
const isForPrograms = ({ responses }: Operation): boolean =>
  Object.entries(responses).every(
    ([status, { content = {} }]) => !status.startsWith('2') || Object.keys(content).every(isJson),
  );
const isJson = (mediaType: string) => mediaType === 'application/json';

function methodOf(method: string, path: string, operation: Operation): string {
  const { operationId, summary, parameters = [], requestBody } = operation;
  const of = (place: Parameter['in']) => parameters.filter((one) => one.in === place).map(argumentOf);
  const [within, query, headers] = [of('path'), of('query'), of('header')];
  const body = requestBody?.content['application/json'];
  const bodyType = body && modelOf(body.schema, `${pascal(operationId)}Request`);
  const { type, shown } = answerOf(operation);
  const optional = [...query, ...headers];
  const signature = [
    'self',
    ...within.map(({ python, type }) => `${python}: ${type}`),
    ...(bodyType ? [`body: ${bodyType}${requestBody?.required ? '' : ' | None = None'}`] : []),
    ...(optional.length > 0
      ? ['*', ...optional.map(({ python, type }) => `${python}: ${type} | None = None`)]
      : []),
  ];
  const given = [
    ...(within.length > 0 ? [`within=${dictOf(within)}`] : []),
    ...(query.length > 0 ? [`query=${dictOf(query)}`] : []),
    ...(headers.length > 0 ? [`headers=${dictOf(headers)}`] : []),
    ...(bodyType ? ['body=body'] : []),
    ...(shown ? [`shown=${JSON.stringify(shown)}`] : []),
  ];
  const call = ['self._call(', ...[`"${method}"`, `"${path}"`, ...given].map((one) => `    ${one},`), ')'];
  const lines = [
    `def ${snake(operationId)}(`,
    ...signature.map((one) => `    ${one},`),
    `) -> ${type}:`,
    `    """${summary}"""`,
    ...(type === 'None' ? call : [`answer: ${type} = ${call[0]}`, ...call.slice(1), 'return answer']).map(
      (line) => `    ${line}`,
    ),
  ];
  return `${lines.map((line) => `    ${line}`).join('\n')}\n`;
}

const argumentOf = ({ name, schema }: Parameter): Argument => ({
  wire: name,
  python: snake(name),
  type: plainType(schema),
});

const dictOf = (all: Argument[]): string =>
  `{${all.map(({ wire, python }) => `"${wire}": ${python}`).join(', ')}}`;

/** What a call comes to: its JSON, else the one header that it answers with, else nothing. */
function answerOf({ operationId, responses }: Operation): { type: string; shown?: string } {
  const good = Object.entries(responses).filter(([status]) => status.startsWith('2'));
  const schemas = good.flatMap(([, { content }]) =>
    content ? [content['application/json']?.schema ?? {}] : [],
  );
  // As datamodel-code-generator counts them.
  const models = schemas.map((schema, n) =>
    modelOf(schema, `${pascal(operationId)}Response${n === 0 ? '' : n}`),
  );
  if (models.length > 0) return { type: models.join(' | ') };
  const shown = good
    .flatMap(([, { headers = {} }]) => Object.keys(headers))
    .find((name) => !/REQUEST-ID$/i.test(name));
  return shown === undefined ? { type: 'None' } : { type: 'str', shown };
}

const modelOf = ({ $ref }: Schema, otherwise: string): string =>
  `models.${$ref?.split('/').at(-1) ?? otherwise}`;

const PLAIN_TYPES: Record<string, string> = {
  integer: 'int',
  number: 'float',
  boolean: 'bool',
  string: 'str',
};

function plainType({ type, anyOf, ...schema }: Schema): string {
  if (anyOf) return anyOf.map(plainType).join(' | ');
  const values = schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (values) return `Literal[${values.map((value) => JSON.stringify(value)).join(', ')}]`;
  return PLAIN_TYPES[type ?? ''] ?? 'str';
}

const words = (name: string) => name.replace(/([a-z\d])(?=[A-Z])/g, '$1-').split(/[^A-Za-z\d]/);
const pascal = (name: string) => name.replace(/^./, (first) => first.toUpperCase());
/** Django's `__gt` keeps its two. */
const snake = (name: string) => words(name).join('_').toLowerCase();
