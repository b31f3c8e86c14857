/** What a look at one part of a set-up has come to. */
export interface Finding {
  what: string;
  state: 'good' | 'doubtful' | 'bad' | 'not looked at';
  words: string;
  /** What to do about it. */
  remedy?: string;
}

export const good = (what: string, words: string): Finding => ({ what, state: 'good', words });
export const doubtful = (what: string, words: string, remedy: string): Finding => ({
  what,
  state: 'doubtful',
  words,
  remedy,
});
export const bad = (what: string, words: string, remedy: string): Finding => ({
  what,
  state: 'bad',
  words,
  remedy,
});
export const notLookedAt = (what: string, words: string): Finding => ({
  what,
  state: 'not looked at',
  words,
});

export function reasonOf(error: unknown): string {
  const { code, message, errors } = error as Error & { code?: string; errors?: unknown[] };
  if (message) return message;
  return errors?.[0] instanceof Error ? errors[0].message : (code ?? 'no reason given');
}
