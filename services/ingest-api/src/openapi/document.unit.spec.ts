import { METHODS, type Route } from '@oms-webhooks/http';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { DataSource } from 'typeorm';
import { registryRoutes, type RegistryDeps } from '../publisher-registry/registry-routes.ts';
import { routes, type RoutesDeps } from '../routes.ts';
import { TAGS } from './call-doc.ts';
import { docs } from './docs.ts';
import { openApiDocument } from './document.ts';

const contentTypes = { package: { id: 4, path: 'packages' } };
// Nothing is asked of it: only the tables are read.
const orm = new DataSource({ type: 'postgres' });
const deps = { orm, contentTypes, setup: {} } as unknown as RoutesDeps & RegistryDeps;

/** As `POST /whisperer/hooks/`. */
const callsOf = (rows: ({ path: string } & Partial<Record<(typeof METHODS)[number], unknown>>)[]) =>
  rows.flatMap((row) => METHODS.filter((method) => row[method]).map((method) => `${method} ${row.path}`));
const served = callsOf([...routes(deps), ...registryRoutes(deps)] satisfies Route[]);
const described = docs({ contentTypes }).flatMap(({ paths }) =>
  Object.entries(paths).map(([path, doc]) => ({ path, ...doc })),
);

// What is sent.
const document = JSON.parse(JSON.stringify(openApiDocument({ contentTypes })));

describe('The OpenAPI document', () => {
  it('is valid by the schema of OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(document))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every call that is served, and no other', () => {
    const ofService = callsOf(described.filter((row) => row.GET?.tag === 'Service'));
    expect(callsOf(described).sort()).toEqual([...served, ...ofService].sort());
  });

  it('names each call once, and each of its parameters in the path', () => {
    const ids = described.flatMap((row) => METHODS.flatMap((method) => row[method]?.id ?? []));
    expect(new Set(ids).size).toBe(ids.length);
    for (const { path, parameters = [] } of described) {
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => `:${name}`);
      expect([path, inPath]).toEqual([path, path.match(/:\w+/g) ?? []]);
    }
  });

  it('puts every call under a tag that it explains', () => {
    const used = new Set(described.flatMap((row) => METHODS.flatMap((method) => row[method]?.tag ?? [])));
    expect([...used].sort()).toEqual(Object.keys(TAGS).sort());
  });

  it('has an example of every body, asked and answered', () => {
    const without = bodies(document).filter(([, body]) => !('example' in body));
    expect(without.map(([place]) => place)).toEqual([
      'GET /metrics 200',
      'GET /docs 200',
      'GET /openapi.json 200',
    ]);
  });

  it('has an example of every parameter in a path', () => {
    const inPath = described.flatMap(({ parameters = [] }) => parameters.filter((one) => one.in === 'path'));
    expect(inPath.filter(({ example }) => example === undefined)).toEqual([]);
    expect(inPath.length).toBeGreaterThan(10);
  });

  it('links calls that there are, by parameters that they have', () => {
    const paths = new Map(
      described.flatMap((row) => METHODS.flatMap((method) => (row[method] ? [[row[method].id, row]] : []))),
    );
    const answers = described.flatMap((row) =>
      METHODS.flatMap((method) => Object.values(row[method]?.answers ?? {})),
    );
    const links = answers.flatMap(({ links = {} }) => Object.entries(links));
    for (const [id, { parameters = {} }] of links) {
      const names = paths.get(id)?.path.match(/(?<=:)\w+/g) ?? [];
      expect([id, Object.keys(parameters)]).toEqual([id, names]);
    }
    expect(links.length).toBeGreaterThan(10);
  });

  it('has examples that fit their schemas', () => {
    const ajv = ajvFormats.default(new Ajv2020({ strict: false, allErrors: true }));
    ajv.addSchema(document, 'openapi');
    const unfit = examples(document).filter(({ pointer, example }) => {
      return !ajv.validate({ $ref: `openapi#${encodeURI(pointer)}/schema` }, example);
    });
    expect(unfit).toEqual([]);
    expect(examples(document).length).toBeGreaterThan(100);
  });
});

/** Everything that has a schema and an example beside it. */
function examples(node: unknown, pointer = ''): { pointer: string; example: unknown }[] {
  if (typeof node !== 'object' || node === null) return [];
  const { schema, example } = node as { schema?: object; example?: unknown };
  const inside = Object.entries(node)
    .filter(([name]) => name !== 'example')
    .flatMap(([name, member]) =>
      examples(member, `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  return schema !== undefined && example !== undefined ? [{ pointer, example }, ...inside] : inside;
}

type Content = Record<string, object>;

/** The bodies of every call: asked, and answered by status. */
function bodies({ paths }: { paths: Record<string, Record<string, unknown>> }): [string, object][] {
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => method !== 'parameters')
      .flatMap(([method, operation]) => {
        const { requestBody, responses } = operation as {
          requestBody?: { content: Content };
          responses: Record<string, { content?: Content }>;
        };
        const call = `${method.toUpperCase()} ${path}`;
        return [
          ...Object.values(requestBody?.content ?? {}).map((body): [string, object] => [call, body]),
          ...Object.entries(responses).flatMap(([status, { content = {} }]) =>
            Object.values(content).map((body): [string, object] => [`${call} ${status}`, body]),
          ),
        ];
      }),
  );
}
