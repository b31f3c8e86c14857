import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Takes the output of a process line by line: all of it to a file, what people should know to `tell`. */
export interface LogFile {
  follow(output: Readable): void;
}

/** Opens `path` anew; the logs of the runs before stay beside it, the newest as `….1.log`. */
export function openLogFile(path: string, tell: (words: string) => void): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  keepOlder(path);
  const file = createWriteStream(path, { flags: 'a' });
  // A full disk must not end the system with it: the lines are lost, what is of consequence is still told.
  file.once('error', ({ message }) => tell(`${path} cannot be written any more: ${message}`));
  file.on('error', () => undefined);
  const told = new Map<string, number>();
  return {
    follow(output) {
      createInterface({ input: output }).on('line', (line) => {
        file.write(`${line}\n`);
        const words = ofConsequence(line);
        if (words === undefined || Date.now() - (told.get(words) ?? 0) < quietMs) return;
        told.set(words, Date.now());
        tell(words);
      });
    },
  };
}

/** How many logs of earlier runs are kept: the run that failed is seldom the last one, once it was tried again. */
const KEPT = 3;

function keepOlder(path: string): void {
  const older = (age: number) => (age === 0 ? path : path.replace(/\.log$/, `.${age}.log`));
  for (let age = KEPT; age > 0; age -= 1)
    if (existsSync(older(age - 1))) renameSync(older(age - 1), older(age));
}

/** The same words are told again only after this time; the file has every line. */
const quietMs = 30_000;

/** Of a JSON log line its warning or error in words; a line that is no JSON as it is; else undefined. */
export function ofConsequence(line: string): string | undefined {
  if (!line.startsWith('{')) return line.trim() === '' ? undefined : line;
  try {
    const { level, message, error, reason } = JSON.parse(line) as {
      level?: string;
      message?: string;
      error?: { message?: string };
      reason?: string;
    };
    if (level !== 'error' && level !== 'warn') return undefined;
    return [message, error?.message ?? reason]
      .filter((part, i) => part && !(i > 0 && message?.includes(part)))
      .join(': ');
  } catch {
    return line;
  }
}
