import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, variables, type Declarations } from '@oms-webhooks/config';
import { parse } from 'yaml';
import { declarations as ofDispatcher } from '../../services/dispatcher/src/config.ts';
import { declarations as ofIngestApi } from '../../services/ingest-api/src/config.ts';

const CHART = join(import.meta.dirname, '..', 'helm');
const read = (path: string) => readFileSync(join(CHART, path), 'utf8');
const sorted = (names: Iterable<string>) => [...names].sort();

type Named = Record<string, unknown>;
const values = parse(read('values.yaml')) as { secrets: Named; config: Named };
const schema = JSON.parse(read('values.schema.json')) as {
  properties: Record<'secrets' | 'config', { properties: Record<string, { description: string }> }>;
};

/** Set by the templates, each at its own service. */
const FIXED = ['NODE_ENV', 'PORT', 'DISPATCHER_PORT'];
/** No secret as such, but it may have a password in it. */
const KEPT_AS_SECRETS = ['DELIVERY_PROXY_URL'];
const isSecret = (name: string) =>
  variables[name as keyof typeof variables].secret || KEPT_AS_SECRETS.includes(name);
const settings = sorted(Object.keys(variables)).filter((name) => !FIXED.includes(name));

/** A value as `templates/_settings.tpl` puts it. */
const asVariable = (value: unknown) =>
  typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);

// A setting that is added to libs/config goes into values.yaml and values.schema.json as well.
describe('the chart', () => {
  it('has every setting of the services, and no other', () => {
    expect(sorted(Object.keys(values.secrets))).toEqual(settings.filter(isSecret));
    expect(sorted(Object.keys(values.config))).toEqual(settings.filter((name) => !isSecret(name)));
  });

  it('describes each in its schema as the services do', () => {
    for (const [part, names] of Object.entries({ secrets: values.secrets, config: values.config })) {
      const { properties } = schema.properties[part as 'secrets' | 'config'];
      const described = Object.entries(properties).map(([name, { description }]) => [name, description]);
      const meant = Object.keys(names).map((name) => [
        name,
        variables[name as keyof typeof variables].meaning,
      ]);
      expect(described.sort()).toEqual(meant.sort());
    }
  });

  it('has the defaults of the services, and the ingest API stop with a delay', () => {
    const declared = Object.fromEntries(Object.entries(variables).filter(([name]) => name in values.config));
    const environment = Object.fromEntries(
      Object.entries(values.config).map(([name, value]) => [name, asVariable(value)]),
    );
    expect(readSettings(environment, declared)).toEqual({
      ...readSettings({}, declared),
      STOP_DELAY_MS: 5000,
    });
  });

  it.each([
    ['ingest-api', ofIngestApi],
    ['dispatcher', ofDispatcher],
  ] as [string, Declarations][])(
    'gives %s the secrets that it reads, and no others',
    (service, declarations) => {
      const [, list = ''] =
        /\$secrets := list (.*?) -}}/.exec(read(`templates/${service}/deployment.yaml`)) ?? [];
      const given = [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
      expect(given).toEqual(sorted(Object.keys(declarations)).filter((name) => name in values.secrets));
    },
  );
});
