import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fetchedOnce } from './fetched-once.ts';

const run = promisify(execFile);
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');

/** The folder that a list of packages (pip's `requirements.txt`) is installed in: a PYTHONPATH. */
export const pythonPackages = (requirements: string): Promise<string> =>
  fetchedOnce('python', requirements, async (folder) => {
    const install = ['-m', 'pip', 'install', '--quiet', '--target', folder, '--requirement', requirements];
    await run('python3', install).catch((error: unknown) => {
      throw new Error('Python packages come from PyPI: that takes Python 3 with pip.', { cause: error });
    });
  });

/** The linters that charts, images and compose files are held against. */
export const pythonTools = (): Promise<string> => pythonPackages(REQUIREMENTS);

/** Runs a program; answers whether it was content, and all that it said. */
export async function verdictOf(
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ passed: boolean; said: string }> {
  return run(program, args, { env: { ...process.env, ...environment } }).then(
    ({ stdout, stderr }) => ({ passed: true, said: stdout + stderr }),
    ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) => ({
      passed: false,
      said: stdout + stderr,
    }),
  );
}
