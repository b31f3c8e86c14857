import { join } from 'node:path';
import { pythonPackages, verdictOf } from '../../deploy/checks/python-tool.ts';
import { ADMIN_TOKEN, startSystem, type System } from './system.ts';

const CLIENT = join(import.meta.dirname, '..', '..', 'clients', 'python');
const SOURCES = join(CLIENT, 'src');
const LIMIT_MS = 300_000;

/** What a Python program says with the client and what its tests take. */
async function python(args: string[], environment: Record<string, string> = {}) {
  const packages = await pythonPackages(join(CLIENT, 'requirements.txt'));
  return verdictOf('python3', args, {
    PYTHONPATH: [SOURCES, packages].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    ...environment,
  });
}

describe('The Python client', () => {
  let system: System;
  beforeAll(async () => {
    system = await startSystem();
  }, LIMIT_MS);
  afterAll(() => system.close());

  it(
    'publishes, lists, resends and verifies with a live system, and tells what was refused',
    async () => {
      const { passed, said } = await python(
        ['-m', 'pytest', '-p', 'no:cacheprovider', '--color=no', join(CLIENT, 'tests')],
        { OMS_WEBHOOKS_URL: system.ingestApi.url, OMS_WEBHOOKS_TOKEN: ADMIN_TOKEN },
      );
      if (!passed) throw new Error(said);
      expect(said).toMatch(/\d\d passed in/);
    },
    LIMIT_MS,
  );

  it(
    'has types that a strict checker is content with',
    async () => {
      const config = ['--config-file', join(CLIENT, 'pyproject.toml'), '--cache-dir', '/dev/null'];
      const { passed, said } = await python(['-m', 'mypy', ...config, join(SOURCES, 'oms_webhooks')]);
      expect([said, passed]).toEqual([expect.stringMatching(/^Success/), true]);
    },
    LIMIT_MS,
  );
});
