import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables } from './declarations.ts';
import { settingsTable } from './show-settings.ts';

const readme = readFileSync(join(import.meta.dirname, '..', '..', '..', 'README.md'), 'utf8');

describe('the settings table of the README', () => {
  it('is the one that the declarations make', () => {
    const [table] = /^\| variable .*\n(?:\|.*\n)*/m.exec(readme) ?? [];
    expect(table?.trimEnd()).toBe(settingsTable(variables));
  });
});
