import { join } from 'node:path';
import { pythonTools, verdictOf } from './python-tool.ts';

const ROOT = join(import.meta.dirname, '..', '..');

it('the Dockerfile passes its linter', async () => {
  const hadolint = join(await pythonTools(), 'bin', 'hadolint');
  const dockerfile = join(ROOT, 'deploy', 'docker', 'Dockerfile');
  expect(await verdictOf(hadolint, ['--no-color', dockerfile])).toEqual({ passed: true, said: '' });
});

it.each([
  ['docker-compose.yml', 'fits the schema of Compose', ['--builtin-schema', 'vendor.compose-spec']],
  ['deploy/helm/values.schema.json', 'is a JSON Schema', ['--check-metaschema']],
])('%s %s', async (file, _, how) => {
  const { passed, said } = await verdictOf('python3', ['-m', 'check_jsonschema', ...how, join(ROOT, file)], {
    PYTHONPATH: await pythonTools(),
  });
  expect([said, passed]).toEqual([said, true]);
});
