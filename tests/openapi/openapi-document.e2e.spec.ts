import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pythonPackages, verdictOf } from '../../deploy/checks/python-tool.ts';
import { startProxy, type Proxy } from '../environment/proxy.ts';
import { TOKENS } from '../e2e/api-client.ts';
import { ADMIN_TOKEN, startSystem, type System } from '../e2e/system.ts';
import { withObjectsOf } from './documented-objects.ts';

const HERE = import.meta.dirname;
/** Made-up requests for each call, beside those that go by its schema's limits: what a run takes grows with it. */
const EXAMPLES = process.env.OPENAPI_EXAMPLES ?? '2';
const SEED = process.env.OPENAPI_SEED ?? '1';
const LIMIT_MS = 600_000 + Number(EXAMPLES) * 60_000;

describe('The OpenAPI document', () => {
  let system: System;
  let proxy: Proxy;
  let folder: string;
  let document: string;
  let tokenId: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'oms-openapi-'));
    proxy = await startProxy();
    // Webhooks are made up, too. Nothing but this proxy is connected to, which reaches nothing, and no name is looked up.
    proxy.answer(() => 403);
    system = await startSystem({
      environment: {
        DELIVERY_ALLOWED_NETWORKS: '',
        DELIVERY_PROXY_URL: `http://127.0.0.1:${proxy.port}`,
        DELIVERY_TIMEOUT_MS: '1000',
        NODE_OPTIONS: `--import ${join(HERE, '..', 'environment', 'no-names.mjs')}`,
      },
    });
    const { json } = await system.api.get(TOKENS);
    tokenId = (json as { results: { id: number }[] }).results[0]?.id ?? 0;
    // What the document's example of an app asks of its subscribers.
    const roles = [{ name: 'support', permissions: ['get-users', 'get-user-details'] }];
    await system.api.call('PATCH', `${TOKENS}${tokenId}/`, { json: { roles } });
    document = await withObjectsOf(system.api, (await system.api.get('/openapi.json')).text);
  }, 180_000);
  afterAll(async () => {
    await system.close();
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What Schemathesis finds that the system does otherwise than a document says. */
  async function held(text: string, ...options: string[]): Promise<{ passed: boolean; said: string }> {
    const file = join(folder, 'openapi.json');
    await writeFile(file, text);
    const config = ['--config-file', join(HERE, 'schemathesis.toml')];
    const run = ['run', file, '--url', system.ingestApi.url, '--seed', SEED, '--no-color', ...options];
    return verdictOf('python3', ['-m', 'schemathesis.cli', ...config, ...run], {
      PYTHONPATH: await pythonPackages(join(HERE, 'requirements.txt')),
      PYTHONDONTWRITEBYTECODE: '1',
      TESTER_HOOKS: join(HERE, 'hooks.py'),
      TESTER_TOKEN: ADMIN_TOKEN,
      TESTER_TOKEN_ID: String(tokenId),
    });
  }

  it(
    'is true of the running system: statuses, headers, bodies, what is refused and what is taken',
    async () => {
      const { passed, said } = await held(document, '--max-examples', EXAMPLES);
      if (!passed) throw new Error(said);
      expect(said).toMatch(/Selected: (\d+)\/\1\n +Tested: \1\n/);
    },
    LIMIT_MS,
  );

  it(
    'is found out where it is not',
    async () => {
      const wrong = JSON.parse(document) as {
        paths: Record<string, { get: { responses: Record<string, { content?: object }> } }>;
      };
      const responses = wrong.paths['/whisperer/hooks/registry/']?.get.responses ?? {};
      delete responses[401];
      const schema = { type: 'array', items: { type: 'integer' } };
      Object.assign(responses[200] ?? {}, { content: { 'application/json': { schema } } });
      const only = ['--phases', 'coverage', '--include-path', '/whisperer/hooks/registry/'];
      const { passed, said } = await held(JSON.stringify(wrong), ...only);
      expect([passed, said]).toEqual([false, expect.stringMatching(/Response violates schema/)]);
      expect(said).toMatch(/Undocumented status code/);
    },
    LIMIT_MS,
  );
});
