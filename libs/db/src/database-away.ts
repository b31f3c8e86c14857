import { isNativeError } from 'node:util/types';

/** Connection-level failures: node's, and the classes of SQLSTATE that mean "not now" (08, 53, 57P). */
const NODE_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EAI_AGAIN',
  'ENOENT',
]);
const MESSAGES =
  /Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|Driver not Connected/;

/** Whether an error says that PostgreSQL is away, rather than that a statement is wrong. */
export function isDatabaseAway(error: unknown): boolean {
  // Not instanceof: node's own errors are of another realm where a test runner gives modules a context of their own.
  if (!isNativeError(error)) return false;
  const { code, errors } = error as { code?: unknown; errors?: unknown };
  if (Array.isArray(errors)) return errors.some(isDatabaseAway);
  if (typeof code === 'string') return NODE_CODES.has(code) || /^(08|53|57P|25006)/.test(code);
  return MESSAGES.test(error.message);
}

/** Deadlock, serialization failure, statement timeout: the same statement succeeds when it is its turn. */
export const isTransient = (error: unknown): boolean =>
  isNativeError(error) && /^(40P01|40001|57014)$/.test(String((error as { code?: unknown }).code));

/** Whether an error says that the schema is older than this version: a table or a column is missing. */
export const isNotMigrated = (error: unknown): boolean =>
  isNativeError(error) && /^42(P01|703)$/.test(String((error as { code?: unknown }).code));
