import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { metricsTable } from './metrics-table.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}

interface Panel {
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string }[];
}

const { groups } = parse(read('deploy/helm/files/alerts/oms-webhooks.yaml')) as {
  groups: { rules: Rule[] }[];
};
const rules = groups.flatMap((group) => group.rules);
const { panels } = JSON.parse(read('deploy/helm/files/dashboards/oms-webhooks.json')) as { panels: Panel[] };

/** The names of metrics in PromQL, a histogram's series under its own name; the values of labels are quoted. */
const metricsIn = (expression: string): string[] =>
  [...expression.replaceAll(/"[^"]*"/g, '').matchAll(/\b(?:oms|process|nodejs)_\w+/g)].map(([name]) =>
    name.replace(/_(bucket|sum|count)$/, ''),
  );

const documented = new Set([...metricsTable().values()].flat().map(({ name }) => name));

/** As GitHub makes an anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

describe('Alert rules', () => {
  const anchors = new Set(
    [...read('docs/what-if.md').matchAll(/^## (.+)$/gm)].map(([, heading]) => anchorOf(heading!)),
  );

  it.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s: known metrics, and a page that says what to do',
    (_, rule) => {
      expect(metricsIn(rule.expr).filter((name) => !documented.has(name))).toEqual([]);
      const [page, anchor] = rule.annotations.runbook_url.split('#');
      expect(page).toBe('docs/what-if.md');
      expect(anchors).toContain(anchor);
      expect(['warning', 'critical']).toContain(rule.labels.severity);
      expect(rule.annotations.summary).toMatch(/\.$/);
      expect(rule.annotations.description).toMatch(/\.$/);
    },
  );

  it('are each tried by a unit test, when they fire and when they do not', () => {
    const tests = read('tests/observability/alerts.test.yaml');
    const quiet = tests.slice(0, tests.indexOf('- name: processes'));
    const firing = tests.slice(quiet.length);
    for (const { alert } of rules) {
      expect(quiet).toContain(alert);
      expect(firing).toContain(alert);
    }
  });
});

describe('The dashboard', () => {
  it('asks for known metrics only, and for all that the services count', () => {
    const asked = new Set(
      panels.flatMap(({ targets = [] }) => targets.flatMap(({ expr }) => metricsIn(expr))),
    );
    expect([...asked].filter((name) => !documented.has(name))).toEqual([]);
    const own = [...documented].filter((name) => name.startsWith('oms_'));
    expect(own.filter((name) => !asked.has(name))).toEqual([]);
  });

  it('has no panels that overlap', () => {
    const cells = panels.flatMap(({ title, gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, n) => ({ title, cell: `${x + (n % w)},${y + Math.floor(n / w)}` })),
    );
    expect(new Set(cells.map(({ cell }) => cell)).size).toBe(cells.length);
  });
});
