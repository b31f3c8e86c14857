import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

/** A comment that names a file, and the code below it. */
const QUOTED = /<!-- file: (\S+) -->\n\n```\w+\n([\s\S]*?)```\n/g;
const quotes = readdirSync(join(ROOT, 'docs'))
  .filter((name) => name.endsWith('.md'))
  .flatMap((page) =>
    [...read(`docs/${page}`).matchAll(QUOTED)].map(([, file = '', text]) => ({ page, file, text })),
  );

describe('The pages', () => {
  it.each(quotes)('$page quotes $file as it is', ({ file, text }) => {
    expect(text).toBe(read(file));
  });

  it('show a receiver in each language, whole', () => {
    const shown = quotes.filter(({ page }) => page === 'receiving.md').map(({ file }) => file);
    for (const name of ['express', 'fastapi', 'django', 'go'])
      expect(shown).toContainEqual(expect.stringContaining(`examples/receivers/${name}/`));
  });
});

describe("The receivers' examples in Python", () => {
  it('verify alike, since the page shows it once', () => {
    expect(read('examples/receivers/django/webhooks/verify.py')).toBe(
      read('examples/receivers/fastapi/verify.py'),
    );
  });
});
