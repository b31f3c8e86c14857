/** Rows as lines for a terminal, in columns under headings; lines longer than `width` are cut. */
export function table(
  headings: string[],
  rows: (string | number | null | undefined)[][],
  width = Infinity,
): string {
  const lines = [headings, ...rows.map((row) => row.map((cell) => oneLine(cell)))];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line))
    .join('\n');
}

/** Names and their values below each other. */
export function sheet(values: [name: string, value: string | number | null | undefined][]): string {
  const width = Math.max(...values.map(([name]) => name.length));
  return values.map(([name, value]) => `${name.padEnd(width)}  ${oneLine(value)}`.trimEnd()).join('\n');
}

/** Also keeps a terminal from being told what to do by what others have sent. */
function oneLine(value: string | number | null | undefined): string {
  if (value === null || value === undefined || value === '') return '-';
  // eslint-disable-next-line no-control-regex
  return String(value).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
