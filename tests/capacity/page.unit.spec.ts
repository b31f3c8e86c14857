import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { USUAL_LOAD, type Load } from './load.ts';
import { breakingTable, sizesTable } from './tables.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'capacity.md'), 'utf8');
const BILLION_A_DAY = 1e9 / 86_400;

/** The columns of the page: what each further factor of ten takes, and a billion a day once as it is and once as advised. */
const LOADS: Load[] = [
  { ...USUAL_LOAD, rate: 100 },
  { ...USUAL_LOAD, rate: 1_000 },
  { ...USUAL_LOAD, rate: 10_000 },
  { ...USUAL_LOAD, rate: BILLION_A_DAY },
  { ...USUAL_LOAD, rate: BILLION_A_DAY, retentionDays: 7 },
];

/** The cells of the rows below a heading, without the header's row and its line. */
function tableUnder(heading: string): string[][] {
  const section = page.slice(page.indexOf(`\n## ${heading}\n`));
  const rows = /(?:^\|.*\n)+/m.exec(section)?.[0].trim().split('\n') ?? [];
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

describe('docs/capacity.md says what the model says', () => {
  it('of what each size takes', () => {
    expect(tableUnder('What each size takes')).toEqual(sizesTable(LOADS));
  });

  it('of what breaks first', () => {
    expect(tableUnder('What breaks first')).toEqual(breakingTable(USUAL_LOAD));
  });
});
