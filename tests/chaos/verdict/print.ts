import type { Spread } from './figures.ts';
import type { Verdict } from './judge.ts';

const spreadText = ({ count, p50, p99, max }: Spread): string =>
  count === 0 ? 'none' : `${p50} / ${p99} / ${max} ms (${count})`;

/** The table on the terminal. */
export function verdictLines(verdict: Verdict): string[] {
  const { duplicated } = verdict;
  const rows: [string, string | number][] = [
    ['events acknowledged', `${verdict.acknowledged} of ${verdict.planned}`],
    ['delivered', verdict.delivered],
    ['lost', verdict.lost.length],
    ['delivered, acknowledged to nobody', verdict.unacknowledged.length],
    ['one key, two events', verdict.publishedTwice.length],
    ['duplicated', verdict.duplicates.length],
    ['  dispatcher killed before its record', duplicated.killed],
    ['  dispatcher frozen before its record', duplicated.frozen],
    ['  answered after the time limit', duplicated.late],
    ['  unexplained', duplicated.unexplained],
    ['out of order', verdict.disorder.length],
    ['not recorded as delivered', verdict.unfinished.length],
    ['services that ended by themselves', verdict.unexpectedEnds.length],
    ['publish → arrival in calm, p50 / p99 / max', spreadText(verdict.calmLatencyMs)],
    ['publish → arrival in all', spreadText(verdict.latencyMs)],
    ...Object.entries(verdict.recoveryMs).map(([kind, { count, p50, max }]): [string, string] => [
      `recovery, ${kind}`,
      `median ${p50}, max ${max} ms (${count})`,
    ]),
    ...Object.entries(verdict.answers).map(([answer, count]): [string, number] => [
      `publishers were answered ${answer}`,
      count,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return [
    ...rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`),
    ...verdict.disorder.slice(0, 10).map(({ line, what }) => `! ${line}: ${what}`),
    ...verdict.duplicates
      .filter(({ cause }) => cause === 'unexplained')
      .slice(0, 5)
      .flatMap(({ uuid, receiver, story }) => [
        `! duplicate ${uuid} at ${receiver}`,
        ...story.map((it) => `    ${it}`),
      ]),
    ...verdict.unexpectedEnds.map((how) => `! ${how}`),
    verdict.failures.length === 0 ? 'every promise was kept' : `FAILED: ${verdict.failures.join(', ')}`,
  ];
}
