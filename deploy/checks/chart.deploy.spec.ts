import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { pythonTools, verdictOf } from './python-tool.ts';
import { lintChart, renderChart, type Manifest, type Rendered } from './render-chart.ts';

// Each render starts a Java of its own.
jest.setTimeout(300_000);

/** The oldest and the newest version of Kubernetes that the chart is for. */
const [OLDEST, NEWEST] = ['1.34.0', '1.37.0'];
const everything = parse(readFileSync(join(import.meta.dirname, 'everything.yaml'), 'utf8')) as object;

const kindsOf = ({ manifests }: Rendered) => manifests.map(({ kind }) => kind);
const find = ({ manifests }: Rendered, kind: string, part: string) =>
  manifests.find(
    ({ kind: one, metadata }) => one === kind && metadata.labels['app.kubernetes.io/component'] === part,
  ) ?? never(`${kind} of ${part}`);
const never = (what: string): never => {
  throw new Error(`there is no ${what}`);
};
const podsOf = ({ manifests }: Rendered) =>
  manifests
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .map(({ spec }) => spec.template as Manifest);

it('passes the linter', async () => {
  expect(await lintChart()).not.toMatch(/WARNING|ERROR/);
});

describe.each([
  ['with its defaults', {}],
  ['with everything on', everything],
])('the chart %s', (_, values) => {
  let rendered: Rendered;
  beforeAll(async () => {
    rendered = await renderChart(values, OLDEST);
  });

  it.each([OLDEST, NEWEST])(
    'fits the schemas of Kubernetes %s, without an unknown field',
    async (version) => {
      const folder = await mkdtemp(join(tmpdir(), 'oms-rendered-'));
      const file = join(folder, 'rendered.yaml');
      await writeFile(file, (await renderChart(values, version)).text);
      const { passed, said } = await verdictOf(
        'python3',
        ['-m', 'kubernetes_validate', '--strict', '--kubernetes-version', version.replace(/\.0$/, ''), file],
        { PYTHONPATH: await pythonTools() },
      );
      await rm(folder, { recursive: true });
      expect({ passed, faults: said.split('\n').filter((line) => line.startsWith('ERROR')) }).toEqual({
        passed: true,
        faults: [],
      });
      // Other schemas are not known there: those are objects of KEDA and of the Prometheus operator.
      const unknown = [...said.matchAll(/Couldn't find schema for kind (\w+) with api version (\S+)/g)];
      expect(unknown.every(([, , group]) => /^(keda\.sh|monitoring\.coreos\.com)\//.test(group ?? ''))).toBe(
        true,
      );
    },
  );

  it('contains every pod as the standard "restricted" and a read-only file system ask for', () => {
    const pods = podsOf(rendered);
    expect(pods.length).toBe(3);
    for (const { spec } of pods) {
      expect(spec).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      expect(spec.containers).toEqual([
        expect.objectContaining({
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: {
            requests: { cpu: expect.any(String), memory: expect.any(String) },
            limits: { memory: expect.any(String) },
          },
        }),
      ]);
    }
  });

  it('has no secret in it, only where each is', () => {
    expect(kindsOf(rendered)).not.toContain('Secret');
    const environments = podsOf(rendered).flatMap(({ spec }) => spec.containers[0].env as Manifest[]);
    const secrets = environments.filter(({ name }) => /TOKEN|KEY|PASSWORD|URL|WEBHOOKS/.test(String(name)));
    expect(secrets.length).toBeGreaterThan(10);
    expect(secrets.every(({ value, valueFrom }) => value === undefined && valueFrom.secretKeyRef)).toBe(true);
  });

  it('lets what is in flight come to its end', () => {
    const { data } = find(rendered, 'ConfigMap', 'settings');
    const grace = (part: string) =>
      find(rendered, 'Deployment', part).spec.template.spec.terminationGracePeriodSeconds as number;
    // What the processes themselves wait at most: `main.ts` of each.
    expect(grace('dispatcher')).toBeGreaterThan(Number(data.DELIVERY_TIMEOUT_MS) / 1000 + 10);
    expect(grace('ingest-api')).toBeGreaterThan(Number(data.STOP_DELAY_MS) / 1000 + 15);
  });

  it('asks for liveness without dependencies, for readiness with them', () => {
    for (const part of ['ingest-api', 'dispatcher']) {
      const [container] = find(rendered, 'Deployment', part).spec.template.spec.containers as Manifest[];
      expect(container).toMatchObject({
        startupProbe: { httpGet: { path: '/healthz', port: 'http' } },
        livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
        readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
      });
    }
  });

  it('selects by labels that no version changes', () => {
    for (const part of ['ingest-api', 'dispatcher']) {
      const selector = {
        'app.kubernetes.io/name': 'oms-webhooks',
        'app.kubernetes.io/instance': 'test',
        'app.kubernetes.io/component': part,
      };
      const { spec } = find(rendered, 'Deployment', part);
      expect(spec.selector.matchLabels).toEqual(selector);
      expect(spec.template.metadata.labels).toMatchObject(selector);
      expect(find(rendered, 'Service', part).spec.selector).toEqual(selector);
      expect(find(rendered, 'PodDisruptionBudget', part).spec.selector.matchLabels).toEqual(selector);
    }
  });

  it('lets the dispatcher alone out to the world, and there to public addresses', () => {
    const blocksOf = (part: string) =>
      (
        find(rendered, 'NetworkPolicy', part).spec.egress as {
          to?: { ipBlock?: { cidr: string; except?: string[] } }[];
        }[]
      )
        .flatMap(({ to = [] }) => to)
        .flatMap(({ ipBlock }) => (ipBlock ? [ipBlock] : []));
    expect(blocksOf('ingest-api')).toEqual([]);
    expect(blocksOf('migration')).toEqual([]);
    const [world] = blocksOf('dispatcher');
    expect(world?.cidr).toBe('0.0.0.0/0');
    expect(world?.except).toEqual(
      expect.arrayContaining([
        '10.0.0.0/8',
        '127.0.0.0/8',
        '169.254.0.0/16',
        '172.16.0.0/12',
        '192.168.0.0/16',
      ]),
    );
  });
});

describe('the chart', () => {
  it('has by default all that needs nothing else in the cluster', async () => {
    const kinds = kindsOf(await renderChart({}, NEWEST));
    expect(new Set(kinds)).toEqual(
      new Set([
        ...['ConfigMap', 'Deployment', 'HorizontalPodAutoscaler', 'Job', 'NetworkPolicy'],
        ...['PodDisruptionBudget', 'Service', 'ServiceAccount'],
      ]),
    );
    expect(kinds.filter((kind) => kind === 'HorizontalPodAutoscaler')).toHaveLength(2);
  });

  it('scales dispatchers by the lag of their group, as who logs in to the brokers like them', async () => {
    const rendered = await renderChart(everything, NEWEST);
    const scaled = find(rendered, 'ScaledObject', 'dispatcher').spec;
    expect(scaled.triggers[0]).toEqual({
      type: 'kafka',
      metadata: {
        bootstrapServers: 'kafka-0.kafka:9093,kafka-1.kafka:9094',
        consumerGroup: 'staging.dispatcher',
        topic: 'staging.oms.webhook-dispatch',
        lagThreshold: '500',
        tls: 'enable',
        sasl: 'scram_sha512',
      },
      authenticationRef: { name: 'test-oms-webhooks-dispatcher' },
    });
    expect(find(rendered, 'TriggerAuthentication', 'dispatcher').metadata.name).toBe(
      'test-oms-webhooks-dispatcher',
    );
    // A second scaler of the same Deployment would fight the first.
    expect(kindsOf(rendered).filter((kind) => kind === 'HorizontalPodAutoscaler')).toHaveLength(1);
  });

  it('opens the private networks that targets may be in, and the ports of the URLs in its settings', async () => {
    const { egress } = find(await renderChart(everything, NEWEST), 'NetworkPolicy', 'dispatcher').spec;
    expect(JSON.stringify(egress)).toMatch(/10\.20\.0\.0\/16.*192\.168\.7\.7\/32.*fd00:1::7\/128/);
    const ports = (egress as Manifest[]).map(({ ports = [] }) =>
      (ports as Manifest[]).map(({ port }) => port as number),
    );
    expect(ports).toEqual([[53, 53], [5432, 6432], [9093, 9094], [443], [80, 443]]);
  });

  it('leaves the way to targets to the egress proxy where there is one', async () => {
    const proxy = { to: [{ podSelector: { matchLabels: { app: 'egress' } } }], ports: [3128] };
    const rendered = await renderChart({ networkPolicy: { proxy } }, NEWEST);
    const { egress } = find(rendered, 'NetworkPolicy', 'dispatcher').spec;
    expect(JSON.stringify(egress)).not.toContain('0.0.0.0/0');
    expect(egress).toContainEqual({ ports: [{ protocol: 'TCP', port: 3128 }], to: proxy.to });
  });

  it('makes new pods when a setting changes', async () => {
    const settingsOf = async (config: object) => {
      const { spec } = find(await renderChart({ config }, NEWEST), 'Deployment', 'dispatcher');
      return spec.template.metadata.annotations as Record<string, string>;
    };
    expect(await settingsOf({ LOG_LEVEL: 'debug' })).not.toEqual(await settingsOf({}));
  });

  it.each([
    ['a setting that does not exist', { config: { RETENTION_DAY: 7 } }, 'RETENTION_DAY'],
    ['a value that the services would refuse', { config: { LOG_LEVEL: 'loud' } }, '/config/LOG_LEVEL'],
    ['a secret among the settings', { config: { API_TOKEN: 'x' } }, 'API_TOKEN'],
    ['an ingress without a host', { ingress: { enabled: true } }, 'needs ingress.hosts'],
    [
      'lag without Kafka',
      { dispatcher: { autoscaling: { keda: { enabled: true } } } },
      'needs config.KAFKA_BROKERS',
    ],
  ])('refuses %s', async (_, values, words) => {
    await expect(renderChart(values, NEWEST)).rejects.toThrow(words);
  });
});
