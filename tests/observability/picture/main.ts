// A picture of the dashboard: a system under load, a real Prometheus that scrapes it, and the dashboard's own queries drawn
// where its panels are. For who has no Grafana at hand. `npm run picture -- FILE.png [--seconds N]`, with `prometheus` on the
// path and Chromium.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startReceiver } from '../../bench/load/receiver.ts';
import { startSystem } from '../../bench/machine/system.ts';
import { startBrowser } from '../../environment/browser.ts';
import { everythingFor } from './load.ts';
import { page, WIDTH } from './page.ts';
import { legend, type Panel } from './panel.ts';
import { startPrometheus, type Prometheus } from './prometheus.ts';

const DASHBOARD = 'deploy/helm/files/dashboards/oms-webhooks.json';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '90' } },
});
const [file = 'dashboard.png'] = positionals;

const { panels } = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as { panels: Panel[] };
const folder = mkdtempSync(join(tmpdir(), 'oms-picture-'));
const receiver = await startReceiver();
const system = await startSystem({ kafka: true, environment: { DELIVERY_TIMEOUT_MS: '3000' } });
let prometheus: Prometheus | undefined;
try {
  await system.addDispatcher();
  const dispatchers = system.dispatchers.map(({ url }, place) => [`dispatcher-${place + 1}`, url] as const);
  const services = { 'ingest-api-1': system.ingestApi.url, ...Object.fromEntries(dispatchers) };
  prometheus = await startPrometheus(services, folder);
  const start = Date.now() / 1000;
  await everythingFor(Number(values.seconds), system, receiver);
  await draw(prometheus, { start, end: Date.now() / 1000 });
  console.log(`drawn to ${file}`);
} finally {
  await prometheus?.close();
  await system.close();
  receiver.close();
  rmSync(folder, { recursive: true, force: true });
}

async function draw(source: Prometheus, span: { start: number; end: number }): Promise<void> {
  const drawn = await Promise.all(
    panels.map(async (panel) => {
      const found = (panel.targets ?? []).map(async ({ expr, legendFormat }) =>
        (await source.range(expr, span)).map(({ labels, points }) => ({
          name: legend(legendFormat, labels),
          points,
        })),
      );
      return { panel, lines: (await Promise.all(found)).flat() };
    }),
  );
  for (const { panel, lines } of drawn)
    if (panel.targets && lines.length === 0) console.log(`found nothing: ${panel.title}`);
  const { html, height } = page(drawn, span);
  const browser = await startBrowser();
  try {
    const tab = await browser.newPage({ viewport: { width: WIDTH, height } });
    await tab.setContent(html);
    await tab.screenshot({ path: file });
  } finally {
    await browser.close();
  }
}
