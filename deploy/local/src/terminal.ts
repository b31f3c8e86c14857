import type { LifecycleLog } from '@oms-webhooks/lifecycle';

/** What people see. Everything else goes to the log files. */
export interface Terminal {
  /** A step of the set-up, or something of consequence. */
  tell: (words: string) => void;
  /** Something that went wrong. */
  warn: (words: string) => void;
  /** Text as it is. */
  print: (text: string) => void;
  bold: (text: string) => string;
  dim: (text: string) => string;
  good: (text: string) => string;
  bad: (text: string) => string;
  /** The log that lifecycle writes to, in words. */
  log: LifecycleLog;
}

/** A terminal that writes to `write`, in colours when asked. */
export function createTerminal(write: (text: string) => void, colours: boolean): Terminal {
  const paint = (code: number) => (text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
  const [bold, dim, good, bad] = [paint(1), paint(2), paint(32), paint(31)];
  const tell = (words: string) => write(`${dim('·')} ${words}\n`);
  const warn = (words: string) => write(`${bad('!')} ${words}\n`);
  const log: LifecycleLog = {
    info(message, fields = {}) {
      if (message === 'stopping') tell(`stopping (${String(fields.why)}; once more to end at once)…`);
      else tell(message);
    },
    warn: (message, { what, error } = {}) => warn([message, what, wordsOf(error)].filter(Boolean).join(': ')),
    error(message, { worker, pause_ms: pauseMs, error } = {}) {
      if (typeof worker === 'string')
        warn(`${wordsOf(error) || `${worker} ended`}; it starts again in ${Number(pauseMs) / 1000} s`);
      else warn(message);
    },
  };
  return { tell, warn, print: (text) => write(`${text}\n`), bold, dim, good, bad, log };
}

/** A terminal on stdout or stderr, in colours when that is a real one and NO_COLOR is not set. */
export const terminalOn = (stream: NodeJS.WriteStream): Terminal =>
  createTerminal((text) => stream.write(text), stream.isTTY && (process.env.NO_COLOR ?? '') === '');

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : '');
