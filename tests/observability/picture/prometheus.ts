import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '@oms-webhooks/lifecycle';
import { freePort } from '../../environment/free-port.ts';

const READY_LIMIT_MS = 60_000;
const SCRAPE_SECONDS = 2;
/** Four scrapes, as Grafana takes it. */
const RATE_INTERVAL = `${4 * SCRAPE_SECONDS}s`;

interface Series {
  labels: Record<string, string>;
  /** Seconds since 1970, value. */
  points: [number, number][];
}

export interface Prometheus {
  /** Over the time from `start` to `end`, seconds since 1970. */
  range(expression: string, span: { start: number; end: number }): Promise<Series[]>;
  close(): Promise<void>;
}

/** A real Prometheus, the one on the path, that scrapes these `/metrics` under these names. */
export async function startPrometheus(services: Record<string, string>, folder: string): Promise<Prometheus> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const targets = Object.entries(services).map(([instance, service]) => ({
    targets: [new URL(service).host],
    labels: { instance },
  }));
  const config = {
    global: { scrape_interval: `${SCRAPE_SECONDS}s` },
    scrape_configs: [{ job_name: 'oms-webhooks', static_configs: targets }],
  };
  // JSON is YAML.
  const file = join(folder, 'prometheus.yml');
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(
    'prometheus',
    [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'prometheus')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Prometheus ended with code ${code}`)));
  });
  failed.catch(() => undefined);
  await Promise.race([failed, untilReady(url)]);

  return {
    async range(expression, { start, end }) {
      const query = expression.replaceAll('$__rate_interval', RATE_INTERVAL);
      const parameters = new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: '1' });
      const answer = await fetch(`${url}/api/v1/query_range?${parameters.toString()}`);
      if (!answer.ok) throw new Error(`Prometheus refuses ${query}: ${await answer.text()}`);
      const { data } = (await answer.json()) as {
        data: { result: { metric: Record<string, string>; values: [number, string][] }[] };
      };
      return data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([at, value]) => [at, Number(value)]),
      }));
    },
    async close() {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function untilReady(url: string): Promise<void> {
  const until = performance.now() + READY_LIMIT_MS;
  const isReady = () =>
    fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    if (performance.now() > until) throw new Error('Prometheus is not ready after a minute');
    await pause(100);
  }
}
