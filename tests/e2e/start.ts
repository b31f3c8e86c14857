import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import startEnvironment from '../environment/start.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Jest's global set-up of the end-to-end tier: it runs what is compiled, so that is brought up to date first. */
export default async function start(): Promise<void> {
  const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
  await promisify(execFile)(process.execPath, [tsc, '-b'], { cwd: ROOT }).catch(
    (error: { stdout?: string }) => {
      throw new Error(`The services do not compile:\n${error.stdout ?? ''}`, { cause: error });
    },
  );
  await startEnvironment();
}
