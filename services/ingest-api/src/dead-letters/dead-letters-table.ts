import type { DeadLetter } from '@oms-webhooks/bus';

/** The name of a dead letter on the command line: `participant/0/12`. */
export const letterName = ({ topic, partition, offset }: DeadLetter): string =>
  `${topic}/${partition}/${offset}`;

/** What is listed of a dead letter: its value is not kept in memory. */
export interface ListedLetter {
  name: string;
  setAsideAt: number;
  bytes: number;
  reason: string;
}

/** Newest last. */
export function deadLettersTable(letters: ListedLetter[]): string {
  const rows = letters
    .sort((a, b) => a.setAsideAt - b.setAsideAt)
    .map(({ name, setAsideAt, bytes, reason }) => [
      name,
      new Date(setAsideAt).toISOString(),
      String(bytes),
      oneLine(reason),
    ]);
  const all = [['dead letter', 'set aside', 'bytes', 'reason'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).join('\n');
}

/** Headers and value in full, the value as text. */
export function deadLetterInFull(letter: DeadLetter): string {
  return [
    `dead letter  ${letterName(letter)}`,
    `set aside    ${new Date(letter.setAsideAt).toISOString()}`,
    `reason       ${oneLine(letter.reason)}`,
    `key          ${letter.key === null ? '(none)' : JSON.stringify(letter.key)}`,
    ...Object.entries(letter.headers).map(
      ([name, value]) => `header       ${oneLine(name)}: ${oneLine(value)}`,
    ),
    '',
    letter.value.toString('utf8'),
  ].join('\n');
}

/** What strangers wrote must not move the cursor. */
const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, ' ');
