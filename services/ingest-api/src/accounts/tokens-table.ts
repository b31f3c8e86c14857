import type { ShownToken } from './token-store.ts';

const HEADINGS = ['ID', 'ACCOUNT', 'SUPERUSER', 'ROLES', 'CREATED'];

/** Tokens as lines for a terminal, in columns under headings. */
export function tokensTable(tokens: readonly ShownToken[]): string {
  const rows = tokens.map(({ id, account, superuser, roles, created_date }) => [
    String(id),
    account,
    superuser ? 'yes' : '-',
    roles.map(({ name }) => name).join(', ') || '-',
    created_date,
  ]);
  const lines = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
