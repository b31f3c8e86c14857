import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { entryOf } from './service-process.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '..', '..');
const MIGRATE = join('services', 'ingest-api', 'src', 'migrate-cli.ts');

/**
 * The version that this one is rolled out over. Until there is a release: the last commit with fewer migrations. With
 * each release it becomes the tag of that release.
 */
const COMMIT = '1fe73cf';

/** What a version consists of, as modules for Node. */
export interface Version {
  name: string;
  migrate: string;
  ingestApi: string;
  dispatcher: string;
}

export const thisVersion: Version = {
  name: 'this version',
  migrate: join(ROOT, 'services', 'ingest-api', 'dist', 'migrate-cli.js'),
  ingestApi: entryOf('ingest-api'),
  dispatcher: entryOf('dispatcher'),
};

/**
 * The previous version, built from Git's history into `.cache`, on the libraries that are installed. In a clone that has
 * neither the commit nor a way to it, it is this version, and the output says so.
 */
export async function previousVersion(): Promise<Version> {
  const folder = join(ROOT, '.cache', 'previous-version', COMMIT);
  if (!existsSync(folder)) {
    const found = await run('git', ['cat-file', '-e', COMMIT], { cwd: ROOT })
      .catch(() => run('git', ['fetch', '--depth', '1', 'origin', COMMIT], { cwd: ROOT }))
      .then(
        () => true,
        () => false,
      );
    if (!found) {
      console.warn(`Commit ${COMMIT} is not in this clone: two builds of the same version run side by side.`);
      return { ...thisVersion, name: 'the same version' };
    }
    await buildInto(folder);
  }
  return {
    name: `the version of ${COMMIT}`,
    migrate: join(folder, 'migrate.mjs'),
    ingestApi: join(folder, 'ingest-api.mjs'),
    dispatcher: join(folder, 'dispatcher.mjs'),
  };
}

async function buildInto(folder: string): Promise<void> {
  await mkdir(join(folder, '..'), { recursive: true });
  // Within the project, so that its node_modules are found.
  const unfinished = await mkdtemp(`${folder}.unfinished-`);
  try {
    const archive = join(unfinished, 'sources.tar');
    await run('git', ['archive', '--output', archive, COMMIT, 'libs', 'services'], { cwd: ROOT });
    await run('tar', ['-xf', archive, '-C', unfinished]);
    await build({
      absWorkingDir: unfinished,
      entryPoints: {
        migrate: MIGRATE,
        'ingest-api': join('services', 'ingest-api', 'src', 'main.ts'),
        dispatcher: join('services', 'dispatcher', 'src', 'main.ts'),
      },
      alias: await ownModules(join(unfinished, 'libs')),
      packages: 'external',
      bundle: true,
      platform: 'node',
      format: 'esm',
      // For what is bundled and no ES module.
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`,
      },
      keepNames: true,
      outdir: unfinished,
      outExtension: { '.js': '.mjs' },
      logLevel: 'error',
    });
    await writeFile(join(unfinished, 'package.json'), '{"type":"module"}\n');
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** The libs of that version, and what is installed for one of them alone; everything else is found from `.cache` upwards. */
async function ownModules(libs: string): Promise<Record<string, string>> {
  const alias: Record<string, string> = {};
  for (const lib of await readdir(libs)) {
    alias[`@oms-webhooks/${lib}`] = join(libs, lib, 'src', 'index.ts');
    const installed = join(ROOT, 'libs', lib, 'node_modules');
    const packages = existsSync(installed) ? await readdir(installed) : [];
    for (const name of packages.filter((name) => !name.startsWith('.'))) alias[name] = join(installed, name);
  }
  return alias;
}
