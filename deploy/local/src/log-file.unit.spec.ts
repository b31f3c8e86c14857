import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ofConsequence, openLogFile } from './log-file.ts';

describe('a log', () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'log-file-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const content = (name: string) => readFileSync(join(folder, name), 'utf8');

  async function written(name: string): Promise<void> {
    for (const deadline = Date.now() + 4000; Date.now() < deadline;) {
      if (existsSync(join(folder, name)) && content(name) !== '') return;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  it('stays beside the next ones, until three came after it', async () => {
    for (let run = 1; run <= 5; run += 1) {
      const log = openLogFile(join(folder, 'service.log'), () => undefined);
      const output = new PassThrough();
      log.follow(output);
      output.end(`run ${run}\n`);
      await finished(output);
      await written('service.log');
    }
    expect(
      readdirSync(folder)
        .sort()
        .map((name) => [name, content(name)]),
    ).toEqual([
      ['service.1.log', 'run 4\n'],
      ['service.2.log', 'run 3\n'],
      ['service.3.log', 'run 2\n'],
      ['service.log', 'run 5\n'],
    ]);
  });
});

describe('what people are told of a log', () => {
  it('is the words of warnings and errors', () => {
    const line = { level: 'error', message: 'database away', error: { message: 'connect ECONNREFUSED' } };
    expect(ofConsequence(JSON.stringify(line))).toBe('database away: connect ECONNREFUSED');
  });

  it('does not repeat an error that the message has in it', () => {
    const line = { level: 'error', message: 'cannot start: port taken', error: { message: 'port taken' } };
    expect(ofConsequence(JSON.stringify(line))).toBe('cannot start: port taken');
  });

  // `setup has failed` alone told nobody what to mend.
  it('is the reason, too, where a line has one instead of an error', () => {
    const line = { level: 'warn', message: 'setup has failed', reason: 'the Omnitron service answered 401' };
    expect(ofConsequence(JSON.stringify(line))).toBe('setup has failed: the Omnitron service answered 401');
  });

  it('is nothing of what is only of interest later', () => {
    expect(ofConsequence('{"level":"info","message":"attempt"}')).toBeUndefined();
    expect(ofConsequence('  ')).toBeUndefined();
  });

  it('is every line that is not JSON, as it is', () => {
    expect(ofConsequence('  - PORT must be a whole number')).toBe('  - PORT must be a whole number');
    expect(ofConsequence('{half a line')).toBe('{half a line');
  });
});
