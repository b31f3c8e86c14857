import winston from 'winston';
import { hideSecrets } from './hide-secrets.ts';
import { humanLine } from './human-line.ts';

const LEVEL = Symbol.for('level');

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
  const line = winston.format((info) => {
    const { level: shown, message, ...fields } = info;
    // winston decides by this symbol whether a transport takes the line.
    const own = { [LEVEL]: shown, time: new Date().toISOString(), level: shown, service, message };
    return { ...own, ...hideSecrets(fields) };
  });
  const logger = winston.createLogger({
    level,
    format: winston.format.combine(
      line(),
      forPeople ? winston.format.printf(humanLine) : winston.format.json({ deterministic: false }),
    ),
    transports: [stream ? new winston.transports.Stream({ stream }) : new winston.transports.Console()],
  });
  // Not the logger itself: winston joins a `message` field to the message, and has methods that nobody should need.
  const at =
    (name: string) =>
    (message: string, fields: Record<string, unknown> = {}) => {
      logger.log({ ...fields, level: name, message });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
