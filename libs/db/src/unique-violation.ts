const UNIQUE_VIOLATION = '23505';

/** Whether an error says that a row with this key is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === UNIQUE_VIOLATION;
}
