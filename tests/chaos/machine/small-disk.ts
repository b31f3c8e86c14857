import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Room for a database of some 100,000 events and its log. */
const SIZE = '400m';

/** A file system of its own, in memory, that can be filled up. */
export interface SmallDisk {
  fill(): Promise<void>;
  /** Makes room again. */
  empty(): void;
  unmount(): void;
}

/** A quota of a folder would need a set-up of the machine, and a limit of a file's size is not a full disk: so a mount. */
export function mountSmallDisk(folder: string): SmallDisk {
  if (process.getuid?.() !== 0)
    throw new Error('disk-full mounts a file system of its own: only root can do that');
  mkdirSync(folder);
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=755`, 'oms-chaos', folder]);
  const filler = join(folder, 'filler');
  return {
    async fill() {
      for (const size of ['1M', '4k']) await writeUntilFull(filler, size);
    },
    empty: () => rmSync(filler, { force: true }),
    unmount: () => void execFileSync('umount', ['--lazy', folder]),
  };
}

/** In a process of its own: the receivers of a run live in ours. dd ends with an error when nothing more can be written. */
async function writeUntilFull(file: string, size: string): Promise<void> {
  const more = ['oflag=append', 'conv=notrunc', 'status=none'];
  await promisify(execFile)('dd', ['if=/dev/zero', `of=${file}`, `bs=${size}`, ...more]).catch(
    (error: { stderr?: string }) => {
      if (!error.stderr?.includes('No space left on device')) throw error as Error;
    },
  );
}
