import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rootCertificates } from 'node:tls';
import { caBundle } from './ca-bundle.ts';
import { proxyUrl } from './proxy-url.ts';
import { readSettings } from './read-settings.ts';
import { shownSettings } from './show-settings.ts';

describe('a CA file', () => {
  const declarations = { CA: caBundle('', { default: undefined }) };
  const [one = '', other = ''] = rootCertificates;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ca-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (content: string) => {
    const path = join(folder, 'ca.pem');
    writeFileSync(path, content);
    return path;
  };
  const read = (CA: string) => readSettings({ CA }, declarations);

  it('has certificates with anything between them, and is shown by its name alone', () => {
    const CA = file(`# ours\n${one}\n# and theirs\n${other}\n`);
    const settings = read(CA);
    expect(settings.CA?.certificates).toEqual([one, other].map((pem) => pem.trim()));
    expect(JSON.stringify(shownSettings(declarations, settings))).toBe(JSON.stringify({ CA: { file: CA } }));
  });

  it('that is missing, empty or damaged is a fault', () => {
    expect(() => read('/no/such/file')).toThrow('CA names a file that cannot be read: ENOENT');
    expect(() => read(file('none here'))).toThrow('CA names a file without a certificate');
    const damaged = one.replace(/\n.{20}/, '\nAAAAAAAAAAAAAAAAAAAA');
    expect(() => read(file(`${other}\n${damaged}`))).toThrow(
      'CA names a file whose certificate 2 of 2 cannot be read',
    );
  });
});

describe('the URL of a proxy', () => {
  const declarations = { PROXY: proxyUrl('', { default: undefined }) };
  const read = (PROXY: string) => readSettings({ PROXY }, declarations);

  it.each([
    ['http://proxy:3128', 'http://proxy:3128', undefined],
    ['https://proxy.test/', 'https://proxy.test', undefined],
    ['http://oms:p%40ss%25@proxy:3128', 'http://proxy:3128', 'oms:p@ss%'],
    ['http://oms@[::1]:3128', 'http://[::1]:3128', 'oms:'],
  ])('%s', (text, origin, credentials) => {
    const { PROXY } = read(text);
    expect(PROXY?.origin).toBe(origin);
    const encoded = PROXY?.authorization?.replace(/^Basic /, '');
    expect(encoded && Buffer.from(encoded, 'base64').toString()).toBe(credentials);
  });

  it('is shown without its user name and password', () => {
    const shown = JSON.stringify(shownSettings(declarations, read('http://oms:swordfish@proxy:3128')));
    expect(shown).toBe('{"PROXY":{"origin":"http://proxy:3128"}}');
  });

  it.each(['proxy:3128', 'socks5://proxy', 'http://a:swordfish@proxy/path', 'http://a:swordfish%@proxy'])(
    'is not %s, and the fault does not repeat it',
    (text) => {
      expect(() => read(text)).toThrow(/PROXY (must|has)/);
      expect(() => read(text)).not.toThrow(/swordfish/);
    },
  );
});
