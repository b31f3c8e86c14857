import { inspect } from 'node:util';
import winston from 'winston';
import { GatheredLines } from './gathered-lines.ts';
import { addFields } from './hide-secrets.ts';
import { humanLine } from './human-line.ts';

/** Where winston keeps the text of a line. */
const MESSAGE = Symbol.for('message');

/** One line an occurrence: a constant message, everything that varies in the fields. */
export interface Log {
  debug(message: string, fields?: Record<string, unknown>): void;
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

export interface LoggerOptions {
  service: string;
  level: string;
  /** Where lines go: stdout unless told. */
  stream?: NodeJS.WritableStream;
  /** Lines for people instead of JSON; by default when stdout is a terminal. */
  human?: boolean;
}

/** A logger of JSON lines `{time, level, service, message, …fields}`; an `error` field becomes its text, code and stack. */
export function createLogger({ service, level, stream, human }: LoggerOptions): Log {
  const forPeople = human ?? (stream === undefined && process.stdout.isTTY);
  const text = winston.format((info) => {
    const { level: shown, message, fields } = info as unknown as Occurrence;
    const line = { time: new Date().toISOString(), level: shown, service, message };
    addFields(line, fields);
    info[MESSAGE as unknown as string] = forPeople ? humanLine(line) : jsonLine(line);
    return info;
  });
  const logger = winston.createLogger({
    level,
    format: text(),
    transports: [
      stream
        ? new winston.transports.Stream({ stream })
        : new GatheredLines({ write: (lines) => void process.stdout.write(lines) }),
    ],
  });
  // Not the logger itself: winston joins a `message` field to the message, and has methods that nobody should need.
  const at = (name: string) =>
    // Winston would make the line first, and then not write it.
    logger.isLevelEnabled(name)
      ? (message: string, fields: Record<string, unknown> = {}) => {
          logger.log({ level: name, message, fields });
        }
      : () => undefined;
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

interface Occurrence {
  level: string;
  message: string;
  fields: Record<string, unknown>;
}

/** What JSON cannot say (big integers, cycles) is as Node shows it. */
function jsonLine(line: Record<string, unknown>): string {
  try {
    return JSON.stringify(line);
  } catch {
    const shown = Object.entries(line).map(([name, value]) => [
      name,
      typeof value === 'object' || typeof value === 'bigint' ? inspect(value) : value,
    ]);
    return JSON.stringify(Object.fromEntries(shown));
  }
}
