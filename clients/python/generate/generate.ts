import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pythonPackages, verdictOf } from '../../../deploy/checks/python-tool.ts';
import { callsOf, type Document } from './calls.ts';

/** Writes `models.py` and `calls.py` anew from `clients/openapi.json`. */
const HERE = import.meta.dirname;
const DOCUMENT = join(HERE, '..', '..', 'openapi.json');
const PACKAGE = join(HERE, '..', 'src', 'oms_webhooks');

const MODELS = join(PACKAGE, 'models.py');
const CALLS = join(PACKAGE, 'calls.py');
const PYTHONPATH = await pythonPackages(join(HERE, 'requirements.txt'));

async function python(module: string, ...args: string[]): Promise<void> {
  const { passed, said } = await verdictOf('python3', ['-m', module, ...args], { PYTHONPATH });
  if (!passed) throw new Error(said);
}

await python(
  'datamodel_code_generator',
  ...['--input', DOCUMENT, '--input-file-type', 'openapi', '--output', MODELS],
  ...['--openapi-scopes', 'schemas', 'paths', '--use-operation-id-as-name', '--use-schema-description'],
  ...['--output-model-type', 'typing.TypedDict', '--target-python-version', '3.11', '--use-union-operator'],
  ...['--enum-field-as-literal', 'all', '--disable-timestamp', '--formatters', 'black'],
);
const document = JSON.parse(await readFile(DOCUMENT, 'utf8')) as Document;
await writeFile(CALLS, callsOf(document));
await python('black', '--quiet', '--line-length', '120', MODELS, CALLS);
