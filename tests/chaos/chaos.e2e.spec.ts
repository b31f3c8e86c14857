import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Verdict } from './verdict/judge.ts';

const LIMIT_MS = 240_000;

/** What a run says is what its failure is understood by. */
function tell(error: Error & { stdout?: string }): never {
  throw new Error(`${error.message}\n${error.stdout?.slice(-6000) ?? ''}`, { cause: error });
}

describe('Processes that are killed, frozen and restarted at random moments', () => {
  it(
    'lose nothing, mix nothing up, and send nothing twice but what was in flight',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'oms-chaos-out-'));
      const out = join(folder, 'verdict.json');
      const sizes = ['--seed', '42', '--events', '1000', '--kills', '6', '--seconds', '20'];
      const main = resolve('tests', 'dist', 'chaos', 'main.js');
      try {
        await promisify(execFile)(process.execPath, [main, ...sizes, '--out', out]).catch(tell);
        const { verdicts } = JSON.parse(await readFile(out, 'utf8')) as { verdicts: Record<string, Verdict> };
        expect(Object.values(verdicts)).toMatchObject([
          { acknowledged: 1000, delivered: 1000, lost: [], disorder: [], duplicated: { unexplained: 0 } },
        ]);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    LIMIT_MS,
  );
});
