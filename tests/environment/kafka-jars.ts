import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const POM = join('deploy', 'kafka-local', 'pom.xml');

/** The project's root: upwards from this file, wherever a bundler may have put it. */
function projectRoot(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, POM))) {
    if (folder === dirname(folder)) throw new Error(`${POM} not found above ${import.meta.dirname}`);
    folder = dirname(folder);
  }
  return folder;
}

/** Whether this machine can start a broker from jars: `java` and `mvn` both answer. */
export async function hasJavaAndMaven(): Promise<boolean> {
  const answers = await Promise.allSettled([run('java', ['-version']), run('mvn', ['-v'])]);
  return answers.every(({ status }) => status === 'fulfilled');
}

/**
 * The folder with Kafka's jars. Maven fetches them once per version of the pom into `.cache/kafka/`; two callers
 * at the same time both fetch, the first to finish wins.
 */
export async function kafkaJars(log: (line: string) => void): Promise<string> {
  const root = projectRoot();
  const pom = join(root, POM);
  const hash = createHash('sha256')
    .update(await readFile(pom))
    .digest('hex');
  const cache = join(root, '.cache', 'kafka');
  const jars = join(cache, hash.slice(0, 12));
  if (existsSync(jars)) return jars;

  log('Kafka: fetching from Maven Central (first time only)…');
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  try {
    await run('mvn', [
      '-q',
      '-B',
      '-f',
      pom,
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${unfinished}`,
    ]);
    await rename(unfinished, jars).catch((error: unknown) => {
      if (!existsSync(jars)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return jars;
}
