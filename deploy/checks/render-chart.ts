import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { fetchedOnce } from './fetched-once.ts';

const run = promisify(execFile);
const HERE = import.meta.dirname;
/** It lives for a moment. */
const QUICK_START = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];
const CHART = join(HERE, '..', 'helm');

/** An object of Kubernetes. */
export interface Manifest {
  kind: string;
  metadata: { name: string; labels: Record<string, string> };
  // Recorded YAML: untyped by nature.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  [field: string]: any;
}

export interface Rendered {
  text: string;
  manifests: Manifest[];
}

/** Helm's library for Java. */
function helmJars(): Promise<string> {
  const pom = join(HERE, 'pom.xml');
  return fetchedOnce('helm', pom, async (folder) => {
    const copy = ['dependency:copy-dependencies', '-DincludeScope=runtime', `-DoutputDirectory=${folder}`];
    await run('mvn', ['-q', '-B', '-f', pom, ...copy]).catch((error: unknown) => {
      throw new Error('Helm comes from Maven Central: it takes Java 17 and Maven.', { cause: error });
    });
  });
}

async function chartCommand(...args: string[]): Promise<string> {
  const classPath = join(await helmJars(), '*');
  const { stdout } = await run('java', [
    ...QUICK_START,
    '-cp',
    classPath,
    join(HERE, 'ChartCommand.java'),
    ...args,
  ]).catch(({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => {
    throw new Error(`${stdout}${stderr}`);
  });
  return stdout;
}

/** What `helm lint --strict` says; rejects when it is a fault. */
export const lintChart = () => chartCommand('lint', CHART);

/**
 * The documents that `helm install` would send, those of the hooks among them; rejects with Helm's words when it would not.
 * @param kubernetes the version that the chart is told
 */
export function renderChart(values: object, kubernetes: string): Promise<Rendered> {
  const key = JSON.stringify([values, kubernetes]);
  const rendered = alreadyRendered.get(key) ?? render(values, kubernetes);
  alreadyRendered.set(key, rendered);
  return rendered;
}

const alreadyRendered = new Map<string, Promise<Rendered>>();

async function render(values: object, kubernetes: string): Promise<Rendered> {
  const folder = await mkdtemp(join(tmpdir(), 'oms-chart-'));
  try {
    const chart = join(folder, 'chart');
    await cp(CHART, chart, { recursive: true });
    await withHooksAsPlainDocuments(chart);
    const valuesFile = join(folder, 'values.json');
    await writeFile(valuesFile, JSON.stringify(values));
    const text = await chartCommand('template', chart, valuesFile, kubernetes);
    return { text, manifests: parseAllDocuments(text).map((document) => document.toJS() as Manifest) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The library renders no hooks. */
async function withHooksAsPlainDocuments(chart: string): Promise<void> {
  for (const name of ['job.yaml', 'network-policy.yaml']) {
    const path = join(chart, 'templates', 'migration', name);
    const template = await readFile(path, 'utf8');
    await writeFile(path, template.replaceAll(/^ +helm\.sh\/hook.*\n/gm, ''));
  }
}
