import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '..', '..', '.cache');

/**
 * A folder of `.cache` with what a list names, fetched once per version of the list. Two callers at the same time both
 * fetch, the first to finish wins.
 */
export async function fetchedOnce(
  name: string,
  listFile: string,
  fetchInto: (folder: string) => Promise<unknown>,
): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(listFile))
    .digest('hex');
  const cache = join(CACHE, name);
  const folder = join(cache, hash.slice(0, 12));
  if (existsSync(folder)) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  try {
    await fetchInto(unfinished);
    await rename(unfinished, folder).catch((error: unknown) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return folder;
}
