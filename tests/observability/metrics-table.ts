import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface DocumentedMetric {
  name: string;
  type: string;
  labels: string[];
}

const PAGE = join(import.meta.dirname, '..', '..', 'docs', 'metrics.md');

/** The rows of docs/metrics.md by the heading above them. */
export function metricsTable(): Map<string, DocumentedMetric[]> {
  const sections = new Map<string, DocumentedMetric[]>();
  let rows: DocumentedMetric[] = [];
  for (const line of readFileSync(PAGE, 'utf8').split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1];
    if (heading) sections.set(heading, (rows = []));
    const row = /^\| `(\w+)` +\| (\w+) +\| ([^|]+?) +\| [^|]+ \| [^|]+ \|$/.exec(line);
    if (row) rows.push({ name: row[1]!, type: row[2]!, labels: row[3] === '–' ? [] : row[3]!.split(', ') });
  }
  return sections;
}
