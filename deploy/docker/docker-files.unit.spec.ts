import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { readSettings, variableRules, type Declarations } from '@oms-webhooks/config';
import { parse } from 'yaml';
import { declarations as ofDispatcher } from '../../services/dispatcher/src/config.ts';
import { declarations as ofIngestApi } from '../../services/ingest-api/src/config.ts';
import { commandOf, healthCommandOf, instructionsOf, lastOf, stages } from './dockerfile.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const exists = (path: string) => existsSync(join(ROOT, path));
/** The source of a compiled module. */
const sourceOf = (path: string) => path.replace('/dist/', '/src/').replace(/\.js$/, '.ts');

const TARGETS = ['ingest-api', 'dispatcher', 'migrate', 'example'];

describe('The Dockerfile', () => {
  it('takes from one stage into another only what is there', () => {
    const names = stages.map(({ name }) => name);
    const copied = stages.flatMap(({ lines }) =>
      lines.flatMap((line) => [...line.matchAll(/^COPY --from=(\S+) \/app\/(\S+) (\S+)$/g)]),
    );
    expect(copied.length).toBeGreaterThan(5);
    for (const [line, stage = '', path = '', to] of copied) {
      expect([line, names.includes(stage), path]).toEqual([line, true, to]);
      expect([line, path === 'node_modules' || exists(path)]).toEqual([line, true]);
    }
  });

  it('installs what its images run and nothing else', () => {
    const workspaces = [...read('deploy/docker/Dockerfile').matchAll(/--workspace (\S+)/g)].map(
      ([, path]) => path,
    );
    expect(workspaces).toEqual([
      'services/ingest-api',
      'services/dispatcher',
      'examples/oms-service',
      'examples/receiver',
    ]);
    expect(workspaces.every((path) => exists(`${path}/package.json`))).toBe(true);
  });

  it.each(TARGETS)('runs %s without root, by a module that is in its image', (target) => {
    const lines = instructionsOf(target);
    expect(lastOf(target, 'USER')).toBe('1000:1000');
    const [program, module = ''] = commandOf(target);
    expect([program, exists(sourceOf(module))]).toEqual(['node', true]);
    const folders = lines.flatMap((line) => /^COPY --from=\S+ \S+ (\S+)$/.exec(line)?.[1] ?? []);
    expect(folders.some((folder) => module.startsWith(`${folder}/`))).toBe(true);
  });

  it.each(['ingest-api', 'dispatcher'])('asks %s for its health by a script that Node can read', (target) => {
    const [program, flag, script = ''] = healthCommandOf(target);
    expect([program, flag]).toEqual(['node', '-e']);
    expect(() => new Script(script)).not.toThrow();
    expect(script).toContain('/healthz');
  });
});

describe('The lock file', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  /** Whether Node would find a dependency of what lies at a path: there, or at a folder above it. */
  const isFound = (path: string, name: string) =>
    path
      .split('/')
      .some(
        (_, depth, folders) => [...folders.slice(0, depth + 1), 'node_modules', name].join('/') in packages,
      ) || `node_modules/${name}` in packages;

  it('has what other platforms need as well, without which `npm ci` refuses it', () => {
    const wanted = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).map((name) => ({ path, name })),
    );
    expect(wanted.length).toBeGreaterThan(50);
    expect(wanted.filter(({ path, name }) => !isFound(path, name))).toEqual([]);
  });
});

interface ComposeService {
  image?: string;
  build?: { context: string; dockerfile: string; target: string };
  command?: string[];
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  read_only?: boolean;
  ports?: string[];
}

describe('docker-compose.yml', () => {
  const { services, volumes } = parse(read('docker-compose.yml'), { merge: true }) as {
    services: Record<string, ComposeService>;
    volumes: Record<string, null>;
  };
  const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);

  it('builds the targets of the Dockerfile, and runs what they have', () => {
    expect(ours.map(([name]) => name)).toEqual([
      'migrate',
      'ingest-api',
      'dispatcher',
      'oms-service',
      'receiver',
    ]);
    for (const [name, { build, command, read_only }] of ours) {
      const { context, dockerfile = '', target = '' } = build ?? {};
      expect([name, context, exists(dockerfile), TARGETS.includes(target), read_only]).toEqual([
        name,
        '.',
        true,
        true,
        true,
      ]);
      const [program, module = ''] = command ?? commandOf(target);
      expect([name, program, exists(sourceOf(module))]).toEqual([name, 'node', true]);
    }
  });

  it.each([
    ['ingest-api', ofIngestApi],
    ['dispatcher', ofDispatcher],
  ] as [string, Declarations][])('gives %s settings that it knows and takes', (name, declarations) => {
    const given = environmentOf(services[name]);
    expect(Object.keys(given).filter((variable) => !(variable in declarations))).toEqual([]);
    const settings = readSettings(given, declarations, variableRules);
    expect(settings).toMatchObject({ KAFKA_BROKERS: ['kafka:9092'], DELIVERY_ALLOWED_NETWORKS: [] });
    expect(settings.DATABASE_URL).toMatch(/@postgres:5432\/oms$/);
  });

  it('has no key to the API unless one is given', () => {
    expect(environmentOf(services['ingest-api']).API_TOKEN).toBe('');
  });

  it('waits for what there is, and keeps its data in volumes that it names', () => {
    for (const { depends_on: needs = {}, volumes: mounts = [] } of Object.values(services)) {
      expect(Object.keys(needs).filter((name) => !(name in services))).toEqual([]);
      const sources = mounts.map((mount) => mount.split(':')[0] ?? '');
      expect(sources.filter((name) => !(name in volumes || exists(name)))).toEqual([]);
    }
  });

  it('is reached from this machine only', () => {
    const ports = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    expect(ports).toContain('127.0.0.1:${PORT:-8080}:8080');
  });
});

/** What a service gets where the outer environment sets nothing. */
function environmentOf(service: ComposeService | undefined): Record<string, string> {
  return Object.fromEntries(
    Object.entries(service?.environment ?? {}).map(([name, value]) => [
      name,
      value.replaceAll(/\$\{\w+:-([^}]*)\}/g, '$1'),
    ]),
  );
}
